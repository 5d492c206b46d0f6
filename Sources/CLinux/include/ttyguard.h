// Gives the terminal back when the program crashes, or is ended by a signal that nobody waits for.
#pragma once

#include <stddef.h>
#include <termios.h>

// Arms the guard: should the program trap or end without having disarmed it, these bytes are written
// to `tty` and these modes set there, and then what held-back stderr says is shown. The signal goes on
// to what it would have done. At most 512 bytes are kept; arming again replaces what was armed.
// Returns 0, or the errno of what failed.
int cc_guard_arm(int tty, const struct termios *modes, const void *bytes, size_t count);

// Does at once what the guard would do; again, or disarmed, it does nothing. Waits for no terminal.
void cc_guard_give_back(void);

// Lets the signals that ask a program to end (INT, TERM, HUP, QUIT) fire the guard too: for a program
// that asks one question and has no loop to hear them in.
int cc_guard_mind_ends(void);

// Disarms the guard: the terminal has been given back in an orderly way.
void cc_guard_disarm(void);

// Holds back what is written to stderr, if that is a terminal: the last words of a Swift program come
// before its trap, and would go onto the screen that is about to vanish. Again and again is harmless.
void cc_guard_hold_stderr(void);

// Shows what was held back, and lets stderr through again.
void cc_guard_release_stderr(void);
