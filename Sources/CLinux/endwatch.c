// The watch of endwatch.h.
#define _GNU_SOURCE
#include "endwatch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "ttyguard.h"

static int come = -1;  // readable while a signal waits that nobody took
static int begun = -1;
static atomic_int taken;
static int patience;

static void die(int number) {
  cc_guard_give_back();
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(number, &standard, NULL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  kill(getpid(), number);
  _exit(128 + number);
}

static void *watch(void *nothing) {
  (void)nothing;
  struct pollfd entries[2] = {{.fd = come, .events = POLLIN}, {.fd = begun, .events = POLLIN}};
  while (poll(entries, 2, -1) <= 0) continue;
  struct timespec rest = {.tv_sec = patience / 1000, .tv_nsec = patience % 1000 * 1000000L};
  while (nanosleep(&rest, &rest) != 0 && errno == EINTR) continue;
  int number = atomic_load(&taken);
  if (number == 0) {
    struct signalfd_siginfo information;
    if (read(come, &information, sizeof information) > 0) number = (int)information.ssi_signo;
  }
  die(number ? number : SIGTERM);
  return NULL;
}

int cc_end_watch(const sigset_t *ends, int milliseconds) {
  if (begun >= 0) return 0;
  patience = milliseconds;
  come = signalfd(-1, ends, SFD_CLOEXEC | SFD_NONBLOCK);
  begun = eventfd(0, EFD_CLOEXEC);
  if (come < 0 || begun < 0) return errno;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  // It calls next to nothing; the room for its own data comes on top.
  pthread_attr_setstacksize(&attributes, 65536);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  int error = pthread_create(&thread, &attributes, watch, NULL);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return error;
}

void cc_end_begins(int number) {
  int none = 0;
  if (begun < 0 || !atomic_compare_exchange_strong(&taken, &none, number)) return;
  uint64_t one = 1;
  ssize_t written = write(begun, &one, sizeof one);
  (void)written;
}
