// Whom a path belongs to, step by step: the looks of trust.h.
#define _GNU_SOURCE
#include "trust.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// One place on the way; `last`: what the path is about, which is held to more.
static int look(const char *path, int last)
{
  struct stat status;
  if (lstat(path, &status) != 0)
    return -errno;
  uid_t own = geteuid();
  if (status.st_uid != own && status.st_uid != 0)
    return 2;
  if (S_ISLNK(status.st_mode))
    return 0; // Where it stands and what it leads to are looked at by themselves.
  if (status.st_mode & S_IWOTH && (last || !(status.st_mode & S_ISVTX)))
    return 1;
  // Folders of a group that is the user's own are usual (umask 002); not for what is looked for.
  if (status.st_mode & S_IWGRP && (last || (status.st_gid != getegid() && !(status.st_mode & S_ISVTX))))
    return 1;
  return 0;
}

static int walk(const char *path, char *culprit, size_t size)
{
  char part[PATH_MAX];
  size_t length = strlen(path);
  if (length == 0 || length >= sizeof part || path[0] != '/')
    return -EINVAL;
  for (size_t end = 1; end <= length; end++) {
    // The root, then each name up to its slash or the end.
    if (end > 1 && end != length && path[end] != '/')
      continue;
    memcpy(part, path, end);
    part[end] = 0;
    int found = look(part, end == length);
    if (found != 0) {
      snprintf(culprit, size, "%s", part);
      return found;
    }
  }
  return 0;
}

int cc_distrust(const char *path, char *culprit, size_t size)
{
  int found = walk(path, culprit, size);
  if (found != 0)
    return found;
  char *real = realpath(path, NULL);
  if (real == NULL)
    return -errno;
  found = strcmp(real, path) == 0 ? 0 : walk(real, culprit, size);
  free(real);
  return found;
}
