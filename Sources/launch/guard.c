// Removes what `unroll` made for a while, also where `unroll` itself is killed: `launch guard`.
//
// On standard input comes a byte `+` or `-` and a path that ends with a zero byte: from now on to be removed, or no
// more. At the end of the input, which the kernel brings about when the other end is gone for whatever reason, every
// path that is left is removed with all that it holds.

#define _GNU_SOURCE
#include "run.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char **paths;
static size_t path_count;

// Removes a name in a folder with all below it, and follows no link on its way.
static void remove_at(int folder, const char *name, int depth) {
  if (unlinkat(folder, name, 0) == 0 || errno == ENOENT || depth > 100) return;
  int descriptor = openat(folder, name, O_DIRECTORY | O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  DIR *entries = descriptor < 0 ? NULL : fdopendir(descriptor);
  if (entries) {
    for (struct dirent *entry; (entry = readdir(entries));) {
      if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) {
        remove_at(descriptor, entry->d_name, depth + 1);
      }
    }
    closedir(entries);
  } else if (descriptor >= 0) {
    close(descriptor);
  }
  unlinkat(folder, name, AT_REMOVEDIR);
}

static void forget(const char *path) {
  for (size_t i = 0; i < path_count; i++) {
    if (strcmp(paths[i], path)) continue;
    free(paths[i]);
    paths[i] = paths[--path_count];
    return;
  }
}

static void remember(const char *path) {
  char **more = realloc(paths, (path_count + 1) * sizeof *paths);
  char *copy = strdup(path);
  if (!more || !copy) _exit(70);
  paths = more;
  paths[path_count++] = copy;
}

static void read_paths(void) {
  static char line[8192];
  size_t length = 0;
  for (;;) {
    ssize_t count = read(STDIN_FILENO, line + length, sizeof line - length);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    length += count;
    for (char *end; (end = memchr(line, 0, length));) {
      if (line[0] == '+' && line[1] == '/') remember(line + 1);
      if (line[0] == '-') forget(line + 1);
      // Said back, so that nothing is made before it is under guard.
      if (line[0] == '+') (void)!write(STDOUT_FILENO, "", 1);
      size_t used = end - line + 1;
      memmove(line, line + used, length - used);
      length -= used;
    }
    if (length == sizeof line) _exit(70);
  }
}

int guard(void) {
  // The key that interrupts `unroll` in a terminal goes to its whole group; we are still needed then.
  setsid();
  signal(SIGPIPE, SIG_IGN);
  read_paths();
  // Runs that are still ending may write a last file while we are at it.
  for (int attempt = 0; attempt < 50; attempt++) {
    bool left = false;
    for (size_t i = 0; i < path_count; i++) {
      struct stat info;
      remove_at(AT_FDCWD, paths[i], 0);
      left = left || lstat(paths[i], &info) == 0;
    }
    if (!left) return 0;
    usleep(100000);
  }
  return 70;
}
