// The sandbox of sandbox.h.
#include "sandbox.h"

#include <errno.h>
#include <sys/prctl.h>

int cc_hide_memory(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : errno; }

int cc_renounce_privileges(void)
{
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
// Looking for leaks needs memory that others may read.
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "detect_leaks=0"; }
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

int cc_is_sanitized(void) { return IS_SANITIZED; }
