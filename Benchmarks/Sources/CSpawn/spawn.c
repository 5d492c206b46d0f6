// fork and exec, which Swift may not do itself.
#define _GNU_SOURCE
#include "CSpawn.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

pid_t bench_spawn(
    const char *path, char *const argv[], char *const envp[], const int fds[3], int terminal) {
  pid_t pid = vfork();
  if (pid != 0) return pid;
  // A program inherits what is ignored and what is blocked; it is measured as a shell starts it.
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  setsid();
  for (int fd = 0; fd < 3; fd++) {
    if (dup2(fds[fd], fd) < 0) _exit(127);
  }
  if (terminal) ioctl(0, TIOCSCTTY, 0);
  close_range(3, ~0U, 0);
  execve(path, argv, envp);
  _exit(127);
}

int bench_pty(int *master, int *slave, int columns, int rows, int raw) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  if (openpty(master, slave, NULL, NULL, &size) != 0) return -1;
  fcntl(*master, F_SETFD, FD_CLOEXEC);
  fcntl(*slave, F_SETFD, FD_CLOEXEC);
  fcntl(*master, F_SETFL, O_NONBLOCK);
  if (raw) {
    struct termios mode;
    tcgetattr(*slave, &mode);
    cfmakeraw(&mode);
    tcsetattr(*slave, TCSANOW, &mode);
  }
  return 0;
}

void bench_stamp(int descriptor) {
  int on = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
}

ssize_t bench_take(
    int descriptor, void *bytes, size_t room, struct sockaddr_in *from, int64_t *stamp) {
  char control[128];
  struct iovec piece = {.iov_base = bytes, .iov_len = room};
  struct msghdr message = {
      .msg_name = from, .msg_namelen = sizeof *from, .msg_iov = &piece, .msg_iovlen = 1,
      .msg_control = control, .msg_controllen = sizeof control};
  ssize_t count = recvmsg(descriptor, &message, MSG_DONTWAIT);
  if (count < 0) return -1;
  *stamp = 0;
  for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SO_TIMESTAMPNS) {
      struct timespec time;
      memcpy(&time, CMSG_DATA(part), sizeof time);
      *stamp = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
    }
  }
  return count;
}
