#pragma once
/* libasound: the sound cards themselves, for machines without a sound server.
   Opened where the settings want it and not before, as libpulse is: linked, it would be in the start and
   the memory of every line. */
#include <alsa/asoundlib.h>

/* Every function that is used: its place in the table, and its name in the library. */
#define CC_ALSA_FUNCTIONS(X)                                        \
  X(pcm_open, snd_pcm_open)                                         \
  X(pcm_close, snd_pcm_close)                                       \
  X(hw_new, snd_pcm_hw_params_malloc)                               \
  X(hw_free, snd_pcm_hw_params_free)                                \
  X(hw_any, snd_pcm_hw_params_any)                                  \
  X(hw_resample, snd_pcm_hw_params_set_rate_resample)               \
  X(hw_access, snd_pcm_hw_params_set_access)                        \
  X(hw_format, snd_pcm_hw_params_set_format)                        \
  X(hw_channels, snd_pcm_hw_params_set_channels)                    \
  X(hw_rate, snd_pcm_hw_params_set_rate)                            \
  X(hw_period, snd_pcm_hw_params_set_period_time_near)              \
  X(hw_buffer, snd_pcm_hw_params_set_buffer_time_near)              \
  X(hw_set, snd_pcm_hw_params)                                      \
  X(sw_new, snd_pcm_sw_params_malloc)                               \
  X(sw_free, snd_pcm_sw_params_free)                                \
  X(sw_current, snd_pcm_sw_params_current)                          \
  X(sw_start, snd_pcm_sw_params_set_start_threshold)                \
  X(sw_least, snd_pcm_sw_params_set_avail_min)                      \
  X(sw_set, snd_pcm_sw_params)                                      \
  X(sizes, snd_pcm_get_params)                                      \
  X(start, snd_pcm_start)                                           \
  X(wait, snd_pcm_wait)                                             \
  X(available, snd_pcm_avail_update)                                \
  X(recover, snd_pcm_recover)                                       \
  X(read, snd_pcm_readi)                                            \
  X(write, snd_pcm_writei)                                          \
  X(words, snd_strerror)                                            \
  X(on_error, snd_lib_error_set_handler)

/* The library's functions, found by name. */
struct cc_alsa {
#define CC_ALSA_FIELD(field, function) __typeof__(function) *_Nonnull field;
  CC_ALSA_FUNCTIONS(CC_ALSA_FIELD)
#undef CC_ALSA_FIELD
};

/* Opens libasound.so.2 at the first call, from any thread; NULL where it is not installed.
   What it would print is not printed: its errors come back as numbers. */
const struct cc_alsa *_Nullable cc_alsa(void);
