// The guardian of guardian.h, and the keeper that stands by it. After the fork only async-signal-safe calls are made: another thread may
// have held any lock at that moment.
#define _GNU_SOURCE 1
#include "CLinux.h"
#include "guardian.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// From our death to SIGTERM, and from there to SIGKILL.
enum { patience_milliseconds = 1000 };

// Where the arguments of this process stand, for ps(1) to show the guardian's name there.
struct title {
  char *start;
  size_t length;
};

static struct title find_title(void) {
  struct title title = {0};
  char text[1024];
  int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (file < 0) return title;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  if (count <= 0) return title;
  text[count] = 0;
  // Fields 48 and 49 of proc(5); the command before the last parenthesis may hold anything.
  char *field = strrchr(text, ')');
  for (int number = 2; field && number < 48; number++) field = strchr(field + 1, ' ');
  char *end = field ? strchr(field + 1, ' ') : NULL;
  if (!end) return title;
  unsigned long from = strtoul(field, NULL, 10), to = strtoul(end, NULL, 10);
  if (from == 0 || to <= from) return title;
  title.start = (char *)from;
  title.length = to - from;
  return title;
}

// Neither name holds the program's: who kills that by its name (pkill, also with -f) is to miss these.
static const char guardian_name[] = "line-guardian", keeper_name[] = "line-keeper";

static void name_it(struct title title, const char *name, pid_t group) {
  prctl(PR_SET_NAME, name);
  if (title.length == 0) return;
  memset(title.start, 0, title.length);
  // As much as there is room for, where the program was started with few words.
  size_t length = strlen(name);
  memcpy(title.start, name, length < title.length ? length : title.length - 1);
  if (title.length < length + 17) return;
  char digits[16], *place = title.start + length + 1;
  int count = 0;
  for (unsigned long rest = (unsigned long)group; rest > 0 && count < 15; rest /= 10)
    digits[count++] = (char)('0' + rest % 10);
  while (count > 0) *place++ = digits[--count];
}

static long now_milliseconds(void) { return (long)(cc_uptime() / 1000000); }

// Whether the process ended within a time.
static int ends_within(int process, pid_t group, int milliseconds) {
  long end = now_milliseconds() + milliseconds;
  for (;;) {
    long left = end - now_milliseconds();
    if (process < 0 && kill(group, 0) != 0 && errno == ESRCH) return 1;
    if (left <= 0) return 0;
    struct pollfd entry = {.fd = process, .events = POLLIN};
    int step = process >= 0 ? (int)left : (left < 20 ? (int)left : 20);
    if (poll(&entry, process >= 0, step) > 0) return 1;
  }
}

static ssize_t read_whole(int fd, void *bytes, size_t count) {
  size_t done = 0;
  while (done < count) {
    ssize_t taken = read(fd, (char *)bytes + done, count - done);
    if (taken < 0 && errno == EINTR) continue;
    if (taken <= 0) return taken;
    done += (size_t)taken;
  }
  return (ssize_t)done;
}

static void succeed(const struct cc_guardian *order) {
  struct stat status;
  if (!order->successor || fstat(4, &status) != 0 || status.st_size == 0) return;
  if (lseek(4, 0, SEEK_SET) < 0 || dup2(4, STDIN_FILENO) < 0) return;
  // All others close themselves.
  close(3);
  close(4);
  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &standard, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(order->successor, order->argv, environ);
}

// What both of them hold. Descriptors that there are none of are -1.
struct ward {
  const struct cc_guardian *order;
  pid_t group;
  int process;  // the line
  int desk;
  struct title title;
};

static int open_process(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

static void end_group(const struct ward *ward) {
  if (!ends_within(ward->process, ward->group, patience_milliseconds)) {
    kill(-ward->group, SIGTERM);
    ends_within(ward->process, ward->group, patience_milliseconds);
  }
  kill(-ward->group, SIGKILL);
}

// The keeper waits for the guardian's last word, and takes its place where it dies without one.
//
// Where our program lives it starts another guardian, or has dismissed this one: then the leash is let go
// of by somebody who lives.
static void keep(const struct ward *ward, int words) {
  setsid();
  name_it(ward->title, keeper_name, ward->group);
  int is_buried = 0;
  for (;;) {
    char word = 0;
    if (read_whole(words, &word, 1) <= 0) break;
    if (word != 'b') return;
    is_buried = 1;
  }
  struct pollfd leash = {.fd = 3};
  while (poll(&leash, 1, -1) <= 0) continue;
  // Who dies lets go of its descriptors first.
  struct pollfd desk = {.fd = ward->desk, .events = POLLIN};
  if (ward->desk < 0 || poll(&desk, 1, patience_milliseconds) <= 0) return;
  if (!is_buried) end_group(ward);
  succeed(ward->order);
}

// Starts the keeper; the descriptor that it is told something by.
static int start_keeper(const struct ward *ward) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  pid_t keeper = _Fork();
  if (keeper == 0) {
    close(ends[1]);
    keep(ward, ends[0]);
    _exit(0);
  }
  close(ends[0]);
  return ends[1];
}

static void tell(int keeper, char word) {
  ssize_t written = keeper >= 0 ? write(keeper, &word, 1) : 0;
  (void)written;
}

static void guard(
    const struct cc_guardian *order, const int *fds, struct title title, pid_t program) {
  prctl(PR_SET_DUMPABLE, 0);
  setsid();
  for (int fd = 0; fd < 5; fd++)
    if (dup2(fds[fd], fd) < 0) return;
#ifdef SYS_close_range
  if (syscall(SYS_close_range, 5u, ~0u, 0u) != 0)
#endif
    for (int fd = 5; fd < 4096; fd++) close(fd);

  struct ward ward = {.order = order, .title = title, .desk = open_process(program)};
  // It may have died before that, and its number be another's.
  if (ward.desk >= 0 && getppid() != program) {
    close(ward.desk);
    ward.desk = -1;
  }
  // We died between two calls, and there is nothing to guard yet.
  if (read_whole(3, &ward.group, sizeof ward.group) <= 0 || ward.group <= 1) return;
  name_it(title, guardian_name, ward.group);
  ward.process = open_process(ward.group);
  int keeper = start_keeper(&ward);

  char word = 0;
  ssize_t count = read_whole(3, &word, 1);
  // From here on the number may be somebody else's: nothing is killed any more.
  int is_buried = count > 0 && word == 'b';
  if (is_buried) {
    tell(keeper, word);
    count = read_whole(3, &word, 1);
  }
  int is_over = count > 0 && word != 'm';
  if (count <= 0 && !is_buried) end_group(&ward);
  tell(keeper, 'd');
  if (!is_over) succeed(order);
}

static int lifted(int fd, int flags) {
  // Above the five numbers that are given out.
  if (fd >= 0) return fcntl(fd, F_DUPFD_CLOEXEC, 10);
  int null = open("/dev/null", flags | O_CLOEXEC);
  if (null < 0) return -1;
  int high = fcntl(null, F_DUPFD_CLOEXEC, 10);
  close(null);
  return high;
}

int cc_guardian_start(const struct cc_guardian *order, pid_t *pid) {
  int result = 0;
  int fds[5] = {lifted(-1, O_RDONLY), lifted(-1, O_WRONLY), lifted(-1, O_WRONLY),
                lifted(order->leash, 0), lifted(order->testament, O_RDONLY)};
  struct title title = find_title();
  for (int i = 0; i < 5; i++)
    if (fds[i] < 0) result = errno;
  if (result == 0) {
    // Blocked before there is a guardian, and never let through again.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pid_t program = getpid(), child = _Fork();
    if (child == 0) {
      guard(order, fds, title, program);
      _exit(0);
    }
    if (child < 0) result = errno;
    else *pid = child;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
  }
  for (int i = 0; i < 5; i++)
    if (fds[i] >= 0) close(fds[i]);
  return result;
}
