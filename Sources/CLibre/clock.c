// libre's clock, in place of its own.
#include "CLibre.h"
#include "CLinux.h"

// libre's timers all ask this function, and its own answers with the time of day: a clock that is set
// would end calls that talk, or let nothing happen for an hour. The library calls it through the table of
// symbols, where a program's own comes first. What is linked into the program counts from the start of
// the machine, sleep included (CLinux/clock.h), and never goes back.
uint64_t tmr_jiffies(void) { return (uint64_t)(cc_uptime() / 1000000); }
