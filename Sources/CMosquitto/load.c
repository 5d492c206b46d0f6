// Opens libmosquitto at the first use of a bus.
#include "CMosquitto.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

static struct cc_mosquitto table;
static int is_open;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_once(void) {
  void *library = dlopen("libmosquitto.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return;
#define FIND(field, function)                                            \
  table.field = (__typeof__(function) *)dlsym(library, #function);      \
  if (dlsym(library, #function) == NULL) return;
  CC_MOSQUITTO_FUNCTIONS(FIND)
#undef FIND
#define FIND_TLS(field, name) table.field = (__typeof__(table.field))dlsym(library, name)
  FIND_TLS(tls_is_done, "SSL_is_init_finished");
  FIND_TLS(tls_wants, "SSL_want");
  FIND_TLS(certificate_fault, "SSL_get_verify_result");
  FIND_TLS(certificate_words, "X509_verify_cert_error_string");
#undef FIND_TLS
  is_open = table.init() == MOSQ_ERR_SUCCESS;
}

const struct cc_mosquitto *cc_mosquitto(void) {
  pthread_once(&once, open_once);
  return is_open ? &table : NULL;
}
