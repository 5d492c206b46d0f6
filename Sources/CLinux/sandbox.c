// The sandbox of sandbox.h.
#include "sandbox.h"

#include <errno.h>
#include <sys/prctl.h>

int cc_renounce(void)
{
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return errno;
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno;
}
