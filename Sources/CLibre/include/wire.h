// The sockets of libre's SIP as this program wants them: watched, filtered, and let go of when they hang.
#pragma once

#include <re/re.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// libre opens its sockets with functions of its own library (tcp_connect, tcp_listen, tcp_accept, udp_listen,
// fd_close). A program may define them in its place: ELF looks in the executable first, also for the library's
// own calls, unless that was linked with -Bsymbolic. `cc_wire_is_watched` says whether it is so here.

// A connection, from its opening until its descriptor is closed.
struct cc_way;

// What is asked and told; `context` is what was given to `cc_wire_watch`.
struct cc_wire {
  // A connection was begun, or taken (`is_taken`) from a peer. What is returned comes back with each call
  // about it, until `ended` has let go of it.
  void *(*opened)(struct cc_way *way, const struct sa *peer, bool is_taken, void *context);
  void (*ended)(void *owner);
  // Bytes came, after TLS. Whatever of `bytes` libre may read is left in it; nothing else reaches it.
  void (*came)(void *owner, struct mbuf *bytes);
  // Bytes go out, before TLS.
  void (*sends)(void *owner, const uint8_t *first, size_t count);
  // A datagram came, or goes out; the same.
  void (*datagram)(const struct sa *peer, struct mbuf *bytes, struct udp_sock *socket, void *context);
  void (*sendsDatagram)(const struct sa *peer, const uint8_t *first, size_t count, void *context);
  // A peer connects to the listening socket; false: it is closed.
  bool (*knocks)(const struct sa *peer, void *context);
};

// Watches every socket of SIP that is opened from now on. `watch` lives as long as the program.
void cc_wire_watch(const struct cc_wire *watch, void *context);

// Whether libre really goes through the functions here; known after the first transport.
bool cc_wire_is_watched(void);

// What was handed in is replaced by these bytes.
int cc_wire_hand_on(struct mbuf *bytes, const uint8_t *first, size_t count);

// Sends on a connection, or as a datagram.
int cc_way_send(struct cc_way *way, const uint8_t *first, size_t count);
int cc_wire_send(
    struct udp_sock *socket, const struct sa *peer, const uint8_t *first, size_t count);

// Gives libre bytes that came earlier on a connection. Never from `came`; the way may have ended after it.
void cc_way_read(struct cc_way *way, const uint8_t *first, size_t count);

// The address that a connection leaves from.
int cc_way_local(const struct cc_way *way, struct sa *local);

// Lets go of a connection at once, with a reset: what waits on it hears `error`. Never from `came`.
void cc_way_drop(struct cc_way *way, int error);

// Takes no connections for a while, or again.
void cc_wire_rest(bool rests);
