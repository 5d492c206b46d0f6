// Starting a program on three descriptors, as the leader of its own session.
#pragma once
#include <sys/types.h>

/// Starts `path`. With `terminal`, descriptor 0 becomes its controlling terminal.
/// Returns its pid, or -1.
pid_t bench_spawn(
    const char *path, char *const argv[], char *const envp[], const int fds[3], int terminal);

/// Opens a pseudo-terminal of this size, raw if asked. Returns 0, or -1.
int bench_pty(int *master, int *slave, int columns, int rows, int raw);
