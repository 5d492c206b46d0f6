// Ends a program that was asked to end and does not.
#pragma once

#include <signal.h>

// Starts a thread that waits for one of these signals, which every thread must have blocked. So many
// milliseconds after one of them came and nobody took it, or after cc_end_begins, the terminal is given
// back and the program dies by that signal, whatever its main thread waits for: a read from a dead mount,
// a terminal that takes nothing. Before there is another thread, once. Returns 0 or an errno.
int cc_end_watch(const sigset_t *ends, int milliseconds);

// One of the signals was taken: the end has begun. Again is harmless.
void cc_end_begins(int number);
