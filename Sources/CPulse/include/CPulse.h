#pragma once
/* libpulse: sound devices by name, on PulseAudio, on PipeWire, and on the machine in PULSE_SERVER.
   Opened where the settings name a device and not before: linked, its twenty libraries would be in the
   start and the memory of every line. */
#include <pulse/pulseaudio.h>

/* Every function that is used: its place in the table, and its name in the library. */
#define CC_PULSE_FUNCTIONS(X)                                       \
  X(loop_new, pa_threaded_mainloop_new)                             \
  X(loop_free, pa_threaded_mainloop_free)                           \
  X(loop_start, pa_threaded_mainloop_start)                         \
  X(loop_stop, pa_threaded_mainloop_stop)                           \
  X(loop_lock, pa_threaded_mainloop_lock)                           \
  X(loop_unlock, pa_threaded_mainloop_unlock)                       \
  X(loop_api, pa_threaded_mainloop_get_api)                         \
  X(context_new, pa_context_new)                                    \
  X(context_unref, pa_context_unref)                                \
  X(context_connect, pa_context_connect)                            \
  X(context_disconnect, pa_context_disconnect)                      \
  X(context_state, pa_context_get_state)                            \
  X(context_error, pa_context_errno)                                \
  X(on_context, pa_context_set_state_callback)                      \
  X(on_event, pa_context_set_subscribe_callback)                    \
  X(subscribe, pa_context_subscribe)                                \
  X(server_info, pa_context_get_server_info)                        \
  X(sources, pa_context_get_source_info_list)                       \
  X(sinks, pa_context_get_sink_info_list)                           \
  X(move_input, pa_context_move_source_output_by_name)              \
  X(move_output, pa_context_move_sink_input_by_name)                \
  X(operation_unref, pa_operation_unref)                            \
  X(stream_new, pa_stream_new_with_proplist)                        \
  X(stream_unref, pa_stream_unref)                                  \
  X(stream_state, pa_stream_get_state)                              \
  X(stream_index, pa_stream_get_index)                              \
  X(stream_device, pa_stream_get_device_name)                       \
  X(connect_record, pa_stream_connect_record)                       \
  X(connect_playback, pa_stream_connect_playback)                   \
  X(disconnect, pa_stream_disconnect)                               \
  X(on_stream, pa_stream_set_state_callback)                        \
  X(on_read, pa_stream_set_read_callback)                           \
  X(on_write, pa_stream_set_write_callback)                         \
  X(on_underflow, pa_stream_set_underflow_callback)                 \
  X(peek, pa_stream_peek)                                           \
  X(drop, pa_stream_drop)                                           \
  X(begin_write, pa_stream_begin_write)                             \
  X(write, pa_stream_write)                                         \
  X(set_buffer, pa_stream_set_buffer_attr)                          \
  X(proplist_new, pa_proplist_new)                                  \
  X(proplist_free, pa_proplist_free)                                \
  X(proplist_set, pa_proplist_sets)                                 \
  X(words, pa_strerror)

/* The library's functions, found by name. */
struct cc_pulse {
#define CC_PULSE_FIELD(field, function) __typeof__(function) *_Nonnull field;
  CC_PULSE_FUNCTIONS(CC_PULSE_FIELD)
#undef CC_PULSE_FIELD
};

/* Opens libpulse.so.0 at the first call, from any thread; NULL where it is not installed. */
const struct cc_pulse *_Nullable cc_pulse(void);
