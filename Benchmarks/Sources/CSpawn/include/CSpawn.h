// Starting a program on three descriptors, as the leader of its own session.
#pragma once
#include <netinet/in.h>
#include <stdint.h>
#include <sys/types.h>

/// Starts `path`. With `terminal`, descriptor 0 becomes its controlling terminal.
/// Returns its pid, or -1.
pid_t bench_spawn(
    const char *path, char *const argv[], char *const envp[], const int fds[3], int terminal);

/// Opens a pseudo-terminal of this size, raw if asked. Returns 0, or -1.
int bench_pty(int *master, int *slave, int columns, int rows, int raw);

/// Lets the kernel say when each datagram of a socket came.
void bench_stamp(int descriptor);

/// Takes a datagram, if one is there: its length, or -1. `stamp` is when the kernel got it, in
/// nanoseconds of the wall clock.
ssize_t bench_take(
    int descriptor, void *bytes, size_t room, struct sockaddr_in *from, int64_t *stamp);
