// Opening what a path names, and nothing that could be waited for.
#pragma once

// What cc_open_file returns where the path leads to something that is no file.
static const int cc_no_file = -100000;

// Opens a regular file for reading. A FIFO that nobody writes to, a terminal or a socket would be waited
// for, for ever and without a word; /dev/zero would be read to no end. Returns the descriptor, closed on
// exec; cc_no_file; or minus an errno.
int cc_open_file(const char *path);

// Whether a library may be given this path to read: 0 for a regular file that can be opened, else what
// cc_open_file returns.
int cc_look_at_file(const char *path);
