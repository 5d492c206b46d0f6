// Starts a child so that it inherits nothing it should not have and does not outlive us.

// Must stand before every header: vfork, pipe2, close_range and the rest are extensions.
#define _GNU_SOURCE 1
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Below this number a descriptor could be overwritten by the dup2 of another one.
enum { above_standard = 10 };

static int lifted(int fd, int flags) {
  if (fd >= 0) return fcntl(fd, F_DUPFD_CLOEXEC, above_standard);
  int null = open("/dev/null", flags | O_CLOEXEC);
  if (null < 0) return -1;
  int high = fcntl(null, F_DUPFD_CLOEXEC, above_standard);
  close(null);
  return high;
}

static void close_from(int first) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, (unsigned)first, ~0u, 0u) == 0) return;
#endif
  for (int fd = first; fd < 4096; fd++) close(fd);
}

// The child's part. It runs in the parent's memory (vfork): it touches nothing but locals, calls only
// what is async-signal-safe, and returns only to report an errno.
static int become(
    const struct cc_spawn *order, char *const *environment, const int *fds, int count, pid_t parent) {
  // A handler of ours must not run in the child; its table of dispositions is its own.
  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);

  if (order->death >= 0) {
    if (prctl(PR_SET_PDEATHSIG, order->death ? order->death : SIGKILL) != 0) return errno;
    // The parent may have died before that line: then nobody would ever send the signal.
    if (getppid() != parent) return ESRCH;
  }
  // A session of its own is a process group of its own, and takes the terminal away from a program
  // that would ask for a password on it, in the middle of the desk.
  if (setsid() < 0) return errno;
  for (int place = 0; place < order->limit_count; place++) {
    struct rlimit limit;
    if (getrlimit(order->limits[place].resource, &limit) != 0) return errno;
    rlim_t value = order->limits[place].value;
    limit.rlim_cur = value < limit.rlim_max ? value : limit.rlim_max;
    if (setrlimit(order->limits[place].resource, &limit) != 0) return errno;
  }
  if (order->directory && chdir(order->directory) != 0) return errno;
  for (int fd = 0; fd < count; fd++)
    if (dup2(fds[fd], fd) < 0) return errno;
  close_from(count);

  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(order->path, order->argv, environment);
  return errno;
}

// Our environment with another TMPDIR, in one block; NULL where there is no memory for it.
static char **with_temporary(const char *folder) {
  static const char name[] = "TMPDIR=";
  size_t count = 0, length = strlen(folder);
  while (environ[count]) count++;
  char **list = malloc((count + 2) * sizeof *list + sizeof name + length);
  if (!list) return NULL;
  char *entry = (char *)(list + count + 2);
  snprintf(entry, sizeof name + length, "%s%s", name, folder);
  size_t place = 0;
  list[place++] = entry;
  for (size_t index = 0; index < count; index++)
    if (strncmp(environ[index], name, sizeof name - 1) != 0) list[place++] = environ[index];
  list[place] = NULL;
  return list;
}

// Whoever starts us with SIGCHLD ignored (`trap '' CHLD`, some supervisors) has the kernel bury our
// children unasked: waitpid(2) would find none, and its status would be what was in memory.
static void hear_of_deaths(void) {
  struct sigaction now;
  if (sigaction(SIGCHLD, NULL, &now) != 0) return;
  if (now.sa_handler != SIG_IGN && !(now.sa_flags & SA_NOCLDWAIT)) return;
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(SIGCHLD, &standard, NULL);
}

static int spawn(const struct cc_spawn *order, const int *further, int count, pid_t *pid) {
  int fds[5] = {
      lifted(order->input, O_RDONLY), lifted(order->output, O_WRONLY), lifted(order->error, O_WRONLY),
      0, 0};
  int lacks = fds[0] < 0 || fds[1] < 0 || fds[2] < 0;
  for (int fd = 3; fd < count; fd++) {
    fds[fd] = lifted(further[fd - 3], O_RDWR);
    lacks |= fds[fd] < 0;
  }
  char **own = order->temporary ? with_temporary(order->temporary) : NULL;
  lacks |= order->temporary && !own;
  hear_of_deaths();
  // Written by the child, read by the parent: with vfork they share their memory.
  volatile int failure = 0;
  int result = 0;

  if (lacks) {
    result = errno;
  } else {
    // No handler may run in the child before it has put the dispositions back.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t parent = getpid();
    pid_t child = vfork();
    if (child == 0) {
      failure = become(order, own ? own : environ, fds, count, parent);
      _exit(127);
    }
    if (child < 0) {
      result = errno;
    } else if (failure) {
      result = failure;
      while (waitpid(child, NULL, 0) < 0 && errno == EINTR) continue;
    } else {
      *pid = child;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
  }
  free(own);
  for (int end = 0; end < count; end++)
    if (fds[end] >= 0) close(fds[end]);
  return result;
}

int cc_spawn(const struct cc_spawn *order, pid_t *pid) { return spawn(order, NULL, 3, pid); }

int cc_spawn_with_pipes(const struct cc_spawn *order, int third, int fourth, pid_t *pid) {
  const int further[2] = {third, fourth};
  return spawn(order, further, 5, pid);
}

int cc_pipe(int fds[2], int nonblocking_end) {
  if (pipe2(fds, O_CLOEXEC) != 0) return errno;
  if (nonblocking_end >= 0) {
    int fd = fds[nonblocking_end];
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  }
  return 0;
}

int cc_first_real_time(void) { return SIGRTMIN; }
int cc_last_real_time(void) { return SIGRTMAX; }

int cc_has_ended(pid_t pid) {
  siginfo_t info = {0};
  int result;
  do {
    result = waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
  } while (result < 0 && errno == EINTR);
  if (result < 0) return -1;
  return info.si_pid == pid;
}
