// Opens libpulse at the first use of a sound device.
#include "CPulse.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

static struct cc_pulse table;
static int is_open;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_once(void) {
  void *library = dlopen("libpulse.so.0", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return;
#define FIND(field, function)                                       \
  table.field = (__typeof__(function) *)dlsym(library, #function);  \
  if (dlsym(library, #function) == NULL) return;
  CC_PULSE_FUNCTIONS(FIND)
#undef FIND
  is_open = 1;
}

const struct cc_pulse *cc_pulse(void) {
  pthread_once(&once, open_once);
  return is_open ? &table : NULL;
}
