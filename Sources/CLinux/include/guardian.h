// A process that outlives us and our line: it ends what we can no longer end.
#pragma once

#include <sys/types.h>

// What a guardian guards. Strings and descriptors stay the caller's.
struct cc_guardian {
  int leash;              // the reading end of a pipe; nobody but us holds the writing end
  const char *successor;  // the program that it becomes at its end; NULL: none
  char *const *argv;      // of that program; ends with NULL
  int testament;          // a file: that program's stdin, from its beginning; empty: it is not started
};

// Starts a guardian: a fork of this process that runs nothing but C, in a session of its own, with no
// descriptor of ours but those, deaf to every signal that can be caught, its memory hidden.
//
// It reads a `pid_t` from the leash: the process, and group, that it guards. Then it waits there for
//   the end   we have died: the process hears the end of its input now; after a second its group gets
//             SIGTERM, after another SIGKILL, at once where the process has ended. Then the successor.
//   'b'       the process is dead, and we have buried it: the successor comes with our end, or an 'm'.
//   'm'       the process is dead, and we have buried it: the successor.
//   'q'       it is dismissed.
// Beside it stands a keeper, a process of its own session that takes the guardian's place where that is
// killed in the same moment as we. Returns 0 and sets *pid, the guardian, or an errno.
int cc_guardian_start(const struct cc_guardian *order, pid_t *pid);
