// What a program gives up before it hears a stranger.
#pragma once

// No core file, no reading of our memory by others of the same user. In C because prctl(2) is
// variadic. Returns 0 or an errno.
int cc_hide_memory(void);

// No new privileges for us or anything we start, for good: a browser's sandbox and sudo(8) need them.
int cc_renounce_privileges(void);

// Whether the program was built with the address sanitizer, whose shadow is larger than any bound of memory.
int cc_is_sanitized(void);
