// Opens libmosquitto at the first use of a bus.
#include "CMosquitto.h"
#include <dlfcn.h>
#include <stddef.h>

static void *library;

int cc_mosquitto_open(void) {
  if (library == NULL) library = dlopen("libmosquitto.so.1", RTLD_NOW | RTLD_LOCAL);
  return library == NULL ? -1 : 0;
}
