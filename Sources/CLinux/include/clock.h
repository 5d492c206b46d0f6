// The clocks of every room, read in one place, and the news that one of them has jumped.
#pragma once

#include <stdint.h>

// Nanoseconds since this machine was started, the time that it slept included (CLOCK_BOOTTIME). What
// lasts while a laptop is shut has lasted: a call, a lease, a credential.
//
// poll(2) and timerfd_create(CLOCK_MONOTONIC) do not count the sleep: who waits in them wakes too late
// by as much, unless it also waits for cc_jump_watch().
int64_t cc_uptime(void);

// Unix milliseconds (CLOCK_REALTIME).
int64_t cc_unix(void);

// Nanoseconds that this machine has slept since it was started: what grew between two looks is a sleep
// in between, whatever woke the loop first.
int64_t cc_slept(void);

// A descriptor that becomes readable when the machine has slept or its wall clock was set; -1 and errno
// where there is none.
int cc_jump_watch(void);

// Takes the news from that descriptor, and waits for the next: 1 if there was some.
int cc_take_jump(int watch);
