#pragma once
/* libmosquitto, the reference MQTT client. Opened when a bus is configured and not before: linked, it
   would bring OpenSSL into the start and the memory of every desk. */
#include <mosquitto.h>
#include <mqtt_protocol.h>

/* Every function that is used: its place in the table, and its name in the library. */
#define CC_MOSQUITTO_FUNCTIONS(X)                       \
  X(init, mosquitto_lib_init)                           \
  X(words, mosquitto_strerror)                          \
  X(connack_words, mosquitto_connack_string)            \
  X(make, mosquitto_new)                                \
  X(destroy, mosquitto_destroy)                         \
  X(set_option, mosquitto_int_option)                   \
  X(set_user, mosquitto_username_pw_set)                \
  X(set_tls, mosquitto_tls_set)                         \
  X(set_will, mosquitto_will_set)                       \
  X(connect, mosquitto_connect_async)                   \
  X(disconnect, mosquitto_disconnect)                   \
  X(publish, mosquitto_publish)                         \
  X(subscribe, mosquitto_subscribe)                     \
  X(socket, mosquitto_socket)                           \
  X(wants_write, mosquitto_want_write)                  \
  X(read, mosquitto_loop_read)                          \
  X(write, mosquitto_loop_write)                        \
  X(tls, mosquitto_ssl_get)                             \
  X(misc, mosquitto_loop_misc)                          \
  X(on_connect, mosquitto_connect_callback_set)         \
  X(on_disconnect, mosquitto_disconnect_callback_set)   \
  X(on_message, mosquitto_message_callback_set)         \
  X(on_subscribe, mosquitto_subscribe_callback_set)     \
  X(on_publish, mosquitto_publish_callback_set)         \
  X(on_log, mosquitto_log_callback_set)

/* The library's functions, found by name. */
struct cc_mosquitto {
#define CC_MOSQUITTO_FIELD(field, function) __typeof__(function) *_Nonnull field;
  CC_MOSQUITTO_FUNCTIONS(CC_MOSQUITTO_FIELD)
#undef CC_MOSQUITTO_FIELD
  /* OpenSSL's own, from the library that libmosquitto brought; NULL where they are not found. The
     argument is what tls gives: whether the handshake is done; what it waits for (2: to write); what is
     wrong with the certificate (0: nothing), and that in words. */
  int (*_Nullable tls_is_done)(const void *_Nonnull);
  int (*_Nullable tls_wants)(const void *_Nonnull);
  long (*_Nullable certificate_fault)(const void *_Nonnull);
  const char *_Nullable (*_Nullable certificate_words)(long);
};

/* Opens and initialises libmosquitto.so.1 at the first call, from any thread; NULL where it is not
   installed or lacks a function. */
const struct cc_mosquitto *_Nullable cc_mosquitto(void);
