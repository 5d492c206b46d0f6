// Whether a file or folder is the user's own, so that nobody else can change what it says.
#pragma once

#include <stddef.h>

// Looks at an absolute path: at what it leads to, and at every folder on the way, links included. What
// others could change is a folder or file that is writable for others (a folder with the sticky bit, as
// /tmp has, only where it is the last), or that belongs to neither us nor root. Returns 0 if it is all
// right; 1 if the group or others can write `culprit`; 2 if `culprit` is another user's; or minus an
// errno of what could not be looked at.
int cc_distrust(const char *path, char *culprit, size_t size);
