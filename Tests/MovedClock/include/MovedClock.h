// Clocks that a test moves while a program runs.
#pragma once

#include <stdint.h>

// What stands in the file that MOVED_CLOCK names. With this library in LD_PRELOAD a program's clocks are
// off by so much, at once where the file is changed.
struct moved_clock {
  int64_t wall;   // nanoseconds by which the time of day is off
  int64_t slept;  // nanoseconds that the machine seems to have slept
};
