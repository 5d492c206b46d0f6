// Starting a child, and Linux calls that Swift's Glibc module does not show.
#pragma once

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/types.h>

// A limit of setrlimit(2).
struct cc_limit {
  int resource;    // RLIMIT_...
  uint64_t value;  // the soft limit; where it is above the hard one, the hard one
};

// What to start. The strings and descriptors stay the caller's.
struct cc_spawn {
  const char *path;       // the executable, already found: no search in PATH happens here
  char *const *argv;      // ends with NULL
  const char *directory;  // where it runs; NULL: where we are
  int input;              // becomes fd 0; -1: /dev/null
  int output;             // becomes fd 1; -1: /dev/null
  int error;              // becomes fd 2; -1: /dev/null
  const char *temporary;  // the TMPDIR of its environment; NULL: as ours
  int death;              // the signal when the calling thread ends; 0: SIGKILL, -1: none
  const struct cc_limit *limits;  // soft limits that it has instead of ours
  int limit_count;
};

// Starts a child with fds 0 to 2 and no other, in a session and process group of its own (so without
// the terminal), with default signal dispositions, an empty signal mask and our environment. The
// kernel sends it `death` when the calling thread ends, so call it from the main thread. Where SIGCHLD
// was ignored when we were started it is so no more: the kernel would bury the child before we can ask
// how it ended.
// Returns 0 and sets *pid, or the errno of what failed, execve included; then no child is left.
int cc_spawn(const struct cc_spawn *order, pid_t *pid);

// As cc_spawn, and the child has two more: what becomes its fd 3 and its fd 4.
int cc_spawn_with_pipes(const struct cc_spawn *order, int third, int fourth, pid_t *pid);

// pipe2(2): both ends close-on-exec, the given one (0 or 1, or -1 for none) non-blocking.
int cc_pipe(int fds[2], int nonblocking_end);

// waitid(2) without waiting and without reaping: 1 if the child has ended, 0 if not, -1 if it is none.
int cc_has_ended(pid_t pid);

// Hidden from Swift without _GNU_SOURCE.
int memfd_create(const char *name, unsigned int flags);
int pipe2(int fds[2], int flags);
const char *sigabbrev_np(int number);

// SIGRTMIN and SIGRTMAX, which are calls.
int cc_first_real_time(void);
int cc_last_real_time(void);

// Flags that the headers define as enumerators of nameless enums, which Swift sees as types.
static const int cc_eventfd_flags = EFD_CLOEXEC | EFD_NONBLOCK;
static const int cc_signalfd_flags = SFD_CLOEXEC | SFD_NONBLOCK;
static const int cc_timerfd_flags = TFD_CLOEXEC | TFD_NONBLOCK;
static const unsigned int cc_memfd_cloexec = 1u;  // MFD_CLOEXEC
static const int cc_epoll_cloexec = EPOLL_CLOEXEC;
static const int cc_send_at_once = 0x4040;  // MSG_DONTWAIT | MSG_NOSIGNAL
static const unsigned int cc_epoll_in = EPOLLIN;
