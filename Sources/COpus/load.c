// Opens libopus at the first call that may use it.
#include "COpus.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

static struct cc_opus table;
static __typeof__(opus_encoder_ctl) *control;
static int is_open;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_once(void) {
  void *library = dlopen("libopus.so.0", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return;
#define FIND(field, function)                                       \
  table.field = (__typeof__(function) *)dlsym(library, #function);  \
  if (dlsym(library, #function) == NULL) return;
  CC_OPUS_FUNCTIONS(FIND)
#undef FIND
  control = (__typeof__(opus_encoder_ctl) *)dlsym(library, "opus_encoder_ctl");
  is_open = control != NULL;
}

const struct cc_opus *cc_opus(void) {
  pthread_once(&once, open_once);
  return is_open ? &table : NULL;
}

int cc_opus_tune(OpusEncoder *encoder, int bits, int complexity, int loss) {
  if (cc_opus() == NULL) return OPUS_UNIMPLEMENTED;
  int error = control(encoder, OPUS_SET_BITRATE(bits));
  if (error == OPUS_OK) error = control(encoder, OPUS_SET_COMPLEXITY(complexity));
  if (error == OPUS_OK) error = control(encoder, OPUS_SET_INBAND_FEC(loss > 0));
  if (error == OPUS_OK) error = control(encoder, OPUS_SET_PACKET_LOSS_PERC(loss));
  if (error == OPUS_OK) error = control(encoder, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE));
  return error;
}
