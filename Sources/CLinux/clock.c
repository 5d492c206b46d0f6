// The clocks of clock.h.
#include "clock.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static int64_t read_clock(clockid_t clock, int64_t a_second)
{
  struct timespec time = {0, 0};
  clock_gettime(clock, &time);
  return (int64_t)time.tv_sec * a_second + (int64_t)time.tv_nsec / (1000000000 / a_second);
}

int64_t cc_uptime(void) { return read_clock(CLOCK_BOOTTIME, 1000000000); }

int64_t cc_unix(void) { return read_clock(CLOCK_REALTIME, 1000); }

int64_t cc_slept(void)
{
  return read_clock(CLOCK_BOOTTIME, 1000000000) - read_clock(CLOCK_MONOTONIC, 1000000000);
}

// A timer of the wall clock that never comes. The kernel cancels it when that clock jumps against the
// monotonic one, as it does when it is set and after a sleep (timerfd_create(2), CANCEL_ON_SET).
static int arm(int watch)
{
  struct itimerspec never = {{0, 0}, {INT64_C(1) << 33, 0}};
  return timerfd_settime(watch, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

int cc_jump_watch(void)
{
  int watch = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (watch >= 0)
    arm(watch);
  return watch;
}

int cc_take_jump(int watch)
{
  uint64_t count;
  if (read(watch, &count, sizeof count) < 0 && errno == EAGAIN)
    return 0;
  arm(watch);
  return 1;
}
