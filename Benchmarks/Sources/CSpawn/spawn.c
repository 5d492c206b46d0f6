// fork and exec, which Swift may not do itself.
#define _GNU_SOURCE
#include "CSpawn.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
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
