// The bounded stderr of errors.h.
#define _GNU_SOURCE 1
#include "errors.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"

// As much at once, and as much a second after that.
enum { most_bytes = 32768, bytes_a_second = 2048 };

static int out = STDERR_FILENO;
static FILE *bounded;
static int64_t room = most_bytes;
static int64_t filled_at;
static unsigned long left_out;

// Whether it went out whole; nothing of it did where not.
static int put(const char *bytes, size_t count)
{
  struct pollfd entry = {.fd = out, .events = POLLOUT};
  // A pipe that poll(2) calls writable takes a page without waiting.
  if (count > PIPE_BUF || poll(&entry, 1, 0) <= 0 || !(entry.revents & POLLOUT))
    return 0;
  ssize_t written;
  do
    written = write(out, bytes, count);
  while (written < 0 && errno == EINTR);
  return written == (ssize_t)count;
}

static ssize_t take(void *nothing, const char *bytes, size_t count)
{
  (void)nothing;
  int64_t now = cc_uptime();
  int64_t more = (now - filled_at) / 1000000 * bytes_a_second / 1000;
  if (more > 0) {
    room = room + more < most_bytes ? room + more : most_bytes;
    filled_at = now;
  }
  if (room < (int64_t)count) {
    left_out++;
    return (ssize_t)count;
  }
  if (left_out > 0) {
    char words[64];
    int length = snprintf(words, sizeof words, "(left out: %lu lines)\n", left_out);
    if (put(words, (size_t)length))
      left_out = 0;
  }
  if (put(bytes, count < PIPE_BUF ? count : PIPE_BUF))
    room -= (int64_t)count;
  else
    left_out++;
  // A stream that is told of a failure stays broken.
  return (ssize_t)count;
}

int cc_bound_stderr(void)
{
  if (bounded)
    return 0;
  // A description of our own, so that the flag is nobody else's: those who share the pipe may wait.
  struct stat status;
  if (fstat(STDERR_FILENO, &status) == 0 && S_ISFIFO(status.st_mode)) {
    int own = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (own >= 0)
      out = own;
  }
  cookie_io_functions_t calls = {.write = take};
  FILE *stream = fopencookie(NULL, "w", calls);
  if (!stream)
    return errno;
  setvbuf(stream, NULL, _IOLBF, BUFSIZ);
  filled_at = cc_uptime();
  bounded = stderr = stream;
  return 0;
}

void cc_complain(const char *line)
{
  fprintf(stderr, "%s\n", line);
}
