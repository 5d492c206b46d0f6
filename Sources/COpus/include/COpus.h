#pragma once
/* libopus: the wide-band codec, with its own concealment of lost packets. Opened at the first call that
   may use it: a line that waits for calls does not carry its tables. */
#include <opus/opus.h>

/* Every function that is used: its place in the table, and its name in the library. */
#define CC_OPUS_FUNCTIONS(X)                  \
  X(encoder_new, opus_encoder_create)         \
  X(encoder_free, opus_encoder_destroy)       \
  X(encode, opus_encode)                      \
  X(decoder_new, opus_decoder_create)         \
  X(decoder_free, opus_decoder_destroy)       \
  X(decode, opus_decode)                      \
  X(samples, opus_packet_get_nb_samples)

/* The library's functions, found by name. */
struct cc_opus {
#define CC_OPUS_FIELD(field, function) __typeof__(function) *_Nonnull field;
  CC_OPUS_FUNCTIONS(CC_OPUS_FIELD)
#undef CC_OPUS_FIELD
};

/* Opens libopus.so.0 at the first call, from any thread; NULL where it is not installed. */
const struct cc_opus *_Nullable cc_opus(void);

/* Sets up an encoder for voice. Variadic in libopus. `bits` a second; `complexity` 0 to 10; `loss` is
   how many per cent of the packets may be lost: so much is repeated in the packets after. */
int cc_opus_tune(OpusEncoder *_Nonnull encoder, int bits, int complexity, int loss);
