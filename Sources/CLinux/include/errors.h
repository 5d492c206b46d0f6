// What a program says on stderr when nobody reads it.
#pragma once

// From now on what the C library writes to `stderr` never waits for its reader, and is bounded: so much at
// once, so much a second. What is more is counted, and the count is said when there is room again. Libraries
// print there what strangers send them. Again and again is harmless; returns 0 or an errno.
int cc_bound_stderr(void);

// Says one line there.
void cc_complain(const char *line);
