// Opens libasound at the first use of a sound card.
#include "CALSA.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

static struct cc_alsa table;
static int is_open;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void be_quiet(
    const char *file, int line, const char *function, int error, const char *format, ...) {
  (void)file, (void)line, (void)function, (void)error, (void)format;
}

static void open_once(void) {
  void *library = dlopen("libasound.so.2", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return;
#define FIND(field, function)                                       \
  table.field = (__typeof__(function) *)dlsym(library, #function);  \
  if (dlsym(library, #function) == NULL) return;
  CC_ALSA_FUNCTIONS(FIND)
#undef FIND
  table.on_error(be_quiet);
  is_open = 1;
}

const struct cc_alsa *cc_alsa(void) {
  pthread_once(&once, open_once);
  return is_open ? &table : NULL;
}
