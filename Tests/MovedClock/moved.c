// The calls of MovedClock.h, in place of the C library's own.
#define _GNU_SOURCE 1
#include "MovedClock.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile struct moved_clock *moved;

__attribute__((constructor)) static void look(void)
{
  const char *path = getenv("MOVED_CLOCK");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0)
    return;
  void *place = mmap(NULL, sizeof *moved, PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (place != MAP_FAILED)
    moved = place;
}

static int64_t offset(clockid_t clock)
{
  if (!moved)
    return 0;
  switch (clock) {
  case CLOCK_REALTIME:
  case CLOCK_REALTIME_COARSE:
    return moved->wall;
  case CLOCK_BOOTTIME:
    return moved->slept;
  default:
    return 0;
  }
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
  int result = (int)syscall(SYS_clock_gettime, clock, time);
  if (result == 0) {
    int64_t all = (int64_t)time->tv_sec * 1000000000 + time->tv_nsec + offset(clock);
    time->tv_sec = all / 1000000000;
    time->tv_nsec = all % 1000000000;
  }
  return result;
}

int gettimeofday(struct timeval *time, void *zone)
{
  struct timespec now;
  (void)zone;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0)
    return -1;
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *place)
{
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (place)
    *place = now.tv_sec;
  return now.tv_sec;
}
