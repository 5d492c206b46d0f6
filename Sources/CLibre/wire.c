// Stands in for the functions with which libre's SIP opens and closes its sockets; the reason is in wire.h.
#define _GNU_SOURCE
#include "CLibre.h"

#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

// After TLS, which is on layer 0.
enum { READING_LAYER = 10, WAITING_PEERS = 16, MOST_DESCRIPTORS = 4096 };

struct cc_way {
  struct le le;
  int fd;
  struct tcp_conn *tc;
  tcp_recv_h *received;
  tcp_close_h *closed;
  void *arg;
  void *owner;
};

// A listening socket, or one that only holds its port.
struct door {
  struct le le;
  int fd;
  bool listens;
  struct tcp_sock *ts;
  tcp_conn_h *knocked;
  void *arg;
};

static const struct cc_wire *wire;
static void *context;
static struct list ways;
static struct list doors;
// A transport of SIP is being added: other sockets are none of ours.
static bool is_adding, is_secure, was_asked;
// Where connections leave from: the address that is in Contact.
static struct sa place;

void cc_wire_watch(const struct cc_wire *watch, void *arg)
{
  wire = watch;
  context = arg;
}

bool cc_wire_is_watched(void)
{
  return was_asked;
}

int cc_transport(
    struct sip *sip, enum sip_transp transport, const struct sa *local, struct tls *tls)
{
  is_adding = true;
  is_secure = tls != NULL;
  int error = sip_transp_add(sip, transport, local, tls);
  is_adding = false;
  return error;
}

int cc_wire_hand_on(struct mbuf *bytes, const uint8_t *first, size_t count)
{
  bytes->pos = bytes->end = 0;
  int error = count ? mbuf_write_mem(bytes, first, count) : 0;
  bytes->pos = 0;
  return error;
}

// MARK: Connections

static bool came(int *error, struct mbuf *bytes, bool *established, void *arg)
{
  struct cc_way *way = arg;
  (void)error;
  (void)established;

  wire->came(way->owner, bytes);
  // Not "taken", also where nothing is left: that would keep libre from hearing that TLS stands.
  return false;
}

static bool sends(int *error, struct mbuf *bytes, void *arg)
{
  struct cc_way *way = arg;
  (void)error;

  wire->sends(way->owner, mbuf_buf(bytes), mbuf_get_left(bytes));
  return false;
}

static void way_begin(
    struct tcp_conn *tc, const struct sa *peer, bool is_taken, tcp_recv_h *received,
    tcp_close_h *closed, void *arg)
{
  struct cc_way *way = wire ? mem_zalloc(sizeof *way, NULL) : NULL;
  const int at_once = 1;

  // A long INVITE, or a 180 behind its 100, must not wait 40 ms for the other side's kernel to confirm what
  // went before.
  setsockopt(tcp_conn_fd(tc), IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  if (!way)
    return;
  way->fd = tcp_conn_fd(tc);
  way->tc = tc;
  way->received = received;
  way->closed = closed;
  way->arg = arg;
  if (tcp_register_helper(NULL, tc, READING_LAYER, NULL, sends, came, way)) {
    mem_deref(way);
    return;
  }
  list_append(&ways, &way->le, way);
  way->owner = wire->opened(way, peer, is_taken, context);
}

static void way_end(struct cc_way *way)
{
  list_unlink(&way->le);
  if (way->owner)
    wire->ended(way->owner);
  mem_deref(way);
}

// The port is the listening socket's and that of every connection; libre asks for less (SO_REUSEADDR).
static void share_port(int fd)
{
  const int shares = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &shares, sizeof shares);
}

int tcp_connect(
    struct tcp_conn **connection, const struct sa *peer, tcp_estab_h *established,
    tcp_recv_h *received, tcp_close_h *closed, void *arg)
{
  struct tcp_conn *tc = NULL;
  int error = EINVAL;

  if (!connection || !peer)
    return error;
  // From the port that Contact names: a telephone system finds the connection by it (RFC 5626 in spirit, and
  // what Asterisk, FreeSWITCH and kamailio do). Where that cannot be had, from any.
  if (sa_isset(&place, SA_ALL) && sa_af(&place) == sa_af(peer)) {
    error = tcp_conn_alloc(&tc, peer, established, received, closed, arg);
    if (!error) {
      share_port(tcp_conn_fd(tc));
      error = tcp_conn_bind(tc, &place);
    }
    if (!error)
      error = tcp_conn_connect(tc, peer);
    if (error)
      tc = mem_deref(tc);
  }
  if (!tc) {
    error = tcp_conn_alloc(&tc, peer, established, received, closed, arg);
    if (!error)
      error = tcp_conn_connect(tc, peer);
    if (error) {
      mem_deref(tc);
      return error;
    }
  }
  way_begin(tc, peer, false, received, closed, arg);
  *connection = tc;
  return 0;
}

int cc_way_send(struct cc_way *way, const uint8_t *first, size_t count)
{
  struct mbuf bytes = { .buf = (uint8_t *)first, .size = count, .pos = 0, .end = count };
  return tcp_send(way->tc, &bytes);
}

int cc_way_local(const struct cc_way *way, struct sa *local)
{
  return tcp_conn_local_get(way->tc, local);
}

void cc_way_read(struct cc_way *way, const uint8_t *first, size_t count)
{
  struct mbuf *bytes = mbuf_alloc(count);

  if (!bytes)
    return;
  if (!cc_wire_hand_on(bytes, first, count))
    way->received(bytes, way->arg);
  mem_deref(bytes);
}

void cc_way_drop(struct cc_way *way, int error)
{
  // Without a wait for whoever does not answer: the port is free for the next connection.
  const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
  tcp_close_h *closed = way->closed;
  void *arg = way->arg;

  setsockopt(way->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  // Closes the descriptor, and with it ends the way.
  closed(error, arg);
}

// MARK: The door

static int descriptor_at(const struct sa *local)
{
  for (int fd = 0; fd < MOST_DESCRIPTORS; fd++) {
    struct sa here;
    int type = 0;
    socklen_t length = sizeof type;
    sa_init(&here, AF_UNSPEC);
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) || type != SOCK_STREAM)
      continue;
    if (!getsockname(fd, &here.u.sa, &here.len) && sa_cmp(&here, local, SA_ALL))
      return fd;
  }
  return -1;
}

static void knocked(const struct sa *peer, void *arg)
{
  struct door *door = arg;

  if (!wire->knocks(peer, context))
    return tcp_reject(door->ts);
  door->knocked(peer, door->arg);
}

int tcp_listen(
    struct tcp_sock **socket, const struct sa *local, tcp_conn_h *handler, void *arg)
{
  struct tcp_sock *ts = NULL;
  struct door *door = NULL;
  struct sa here;
  int error;

  if (!socket)
    return EINVAL;
  if (!wire || !is_adding) {
    error = tcp_sock_alloc(&ts, local, handler, arg);
  } else {
    was_asked = true;
    door = mem_zalloc(sizeof *door, NULL);
    error = door ? tcp_sock_alloc(&ts, local, knocked, door) : ENOMEM;
  }
  if (!error)
    error = tcp_sock_bind(ts, local);
  if (!error && door) {
    error = tcp_sock_local_get(ts, &here);
    if (!error) {
      place = here;
      door->fd = descriptor_at(&here);
      share_port(door->fd);
    }
  }
  // Without a certificate nobody can speak TLS with us: the socket only holds the port.
  bool listens = !door || !is_secure;
  if (!error && listens)
    error = tcp_sock_listen(ts, WAITING_PEERS);
  if (error) {
    mem_deref(ts);
    mem_deref(door);
    return error;
  }
  if (door) {
    door->listens = listens;
    door->ts = ts;
    door->knocked = handler;
    door->arg = arg;
    list_append(&doors, &door->le, door);
  }
  *socket = ts;
  return 0;
}

int tcp_accept(
    struct tcp_conn **connection, struct tcp_sock *socket, tcp_estab_h *established,
    tcp_recv_h *received, tcp_close_h *closed, void *arg)
{
  static int (*next)(
      struct tcp_conn **, struct tcp_sock *, tcp_estab_h *, tcp_recv_h *, tcp_close_h *, void *);
  struct sa peer;

  if (!next)
    *(void **)&next = dlsym(RTLD_NEXT, "tcp_accept");
  int error = next ? next(connection, socket, established, received, closed, arg) : ENOSYS;
  if (!error && !tcp_conn_peer_get(*connection, &peer))
    way_begin(*connection, &peer, true, received, closed, arg);
  return error;
}

void cc_wire_rest(bool rests)
{
  for (struct le *le = doors.head; le; le = le->next) {
    struct door *door = le->data;
    if (!door->listens)
      continue;
    if (rests)
      (void)fd_listen(door->fd, 0, NULL, NULL);
    else
      (void)tcp_sock_listen(door->ts, WAITING_PEERS);
  }
}

// MARK: Datagrams

static bool datagram(struct sa *peer, struct mbuf *bytes, void *arg)
{
  wire->datagram(peer, bytes, arg, context);
  return mbuf_get_left(bytes) == 0;
}

static bool sends_datagram(int *error, struct sa *peer, struct mbuf *bytes, void *arg)
{
  (void)error;
  (void)arg;

  wire->sendsDatagram(peer, mbuf_buf(bytes), mbuf_get_left(bytes), context);
  return false;
}

int udp_listen(
    struct udp_sock **socket, const struct sa *local, udp_recv_h *received, void *arg)
{
  static int (*next)(struct udp_sock **, const struct sa *, udp_recv_h *, void *);

  if (!next)
    *(void **)&next = dlsym(RTLD_NEXT, "udp_listen");
  int error = next ? next(socket, local, received, arg) : ENOSYS;
  if (error || !wire || !is_adding)
    return error;
  was_asked = true;
  error = udp_register_helper(NULL, *socket, READING_LAYER, sends_datagram, datagram, *socket);
  if (error)
    *socket = mem_deref(*socket);
  return error;
}

int cc_wire_send(
    struct udp_sock *socket, const struct sa *peer, const uint8_t *first, size_t count)
{
  struct mbuf bytes = { .buf = (uint8_t *)first, .size = count, .pos = 0, .end = count };
  return udp_send(socket, peer, &bytes);
}

// MARK: The end of a descriptor

void fd_close(int fd)
{
  struct le *le = ways.head;

  while (le) {
    struct cc_way *way = le->data;
    le = le->next;
    if (way->fd == fd)
      way_end(way);
  }
  for (le = doors.head; le; le = le->next) {
    struct door *door = le->data;
    if (door->fd != fd)
      continue;
    list_unlink(&door->le);
    mem_deref(door);
    break;
  }
  (void)fd_listen(fd, 0, NULL, NULL);
}
