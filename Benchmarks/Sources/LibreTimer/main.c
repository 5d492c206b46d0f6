// A bare libre program: a packet of 172 bytes every 20 ms, and nothing else.
//
//     ccterm-bench-timer PORT      to a UDP port on 127.0.0.1, until it is ended
#define HAVE_INTTYPES_H 1
#define HAVE_STDBOOL_H 1
#define HAVE_INET6 1
#define USE_OPENSSL 1
#define USE_TLS 1
#define RELEASE 1
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <re/re.h>

static struct udp_sock *sock;
static struct sa to;
static struct tmr beat;
static uint64_t began, ticks;

static void tick(void *arg)
{
  struct mbuf *packet = mbuf_alloc(172);
  (void)arg;
  mbuf_fill(packet, 0xFF, 172);
  mbuf_set_pos(packet, 0);
  udp_send(sock, &to, packet);
  mem_deref(packet);
  ticks += 1;
  uint64_t due = began + ticks * 20, now = tmr_jiffies();
  tmr_start(&beat, due > now ? due - now : 0, tick, NULL);
}

int main(int count, char **words)
{
  struct sa local;

  if (count != 2 || libre_init())
    return 1;
  poll_method_set(METHOD_EPOLL);
  sa_set_str(&local, "127.0.0.1", 0);
  sa_set_str(&to, "127.0.0.1", (uint16_t)atoi(words[1]));
  if (udp_listen(&sock, &local, NULL, NULL))
    return 1;
  tmr_init(&beat);
  began = tmr_jiffies();
  tick(NULL);
  return re_main(NULL);
}
