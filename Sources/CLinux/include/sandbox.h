// What a program gives up before it hears a stranger.
#pragma once

// No core file, no reading of our memory by others of the same user, and no new privileges for us or
// anything we start. In C because prctl(2) is variadic. Returns 0 or an errno.
int cc_renounce(void);

// Only the first half: what we start may need privileges of its own (a browser's sandbox does).
int cc_hide_memory(void);

// Whether the program was built with the address sanitizer, whose shadow is larger than any bound of memory.
int cc_is_sanitized(void);
