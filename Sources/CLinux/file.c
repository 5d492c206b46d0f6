// The openings of file.h.
#define _GNU_SOURCE
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int cc_open_file(const char *path)
{
  // A device may do something when it is opened: it is looked at before, and once more behind its name.
  struct stat status;
  if (stat(path, &status) != 0)
    return -errno;
  if (!S_ISREG(status.st_mode))
    return cc_no_file;
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0)
    return -errno;
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode))
    return file;
  close(file);
  return cc_no_file;
}

int cc_look_at_file(const char *path)
{
  int file = cc_open_file(path);
  if (file < 0)
    return file;
  close(file);
  return 0;
}
