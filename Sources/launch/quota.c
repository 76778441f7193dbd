// How much a run has put into the folders that it may write: a compiler's and a linker's.
//
// A resource limit bounds each file; how many there are, and how large they are together, no limit of the kernel's
// bounds for a folder. So the folders are looked through now and then, from outside. A file without a name is not found.

#define _GNU_SOURCE
#include "run.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_DEPTH = 64 };

struct room {
  unsigned long long bytes, files;  // what is left
};

// Takes what is in a folder from the room; false where it is not enough. Closes the folder.
static bool fits(int folder, struct room *room, int depth) {
  DIR *entries = fdopendir(folder);
  if (!entries) {
    close(folder);
    return true;
  }
  bool fits_so_far = depth < MOST_DEPTH;
  for (struct dirent *entry; fits_so_far && (entry = readdir(entries));) {
    struct stat info;
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    // What is gone by now takes no room.
    if (fstatat(folder, entry->d_name, &info, AT_SYMLINK_NOFOLLOW)) continue;
    unsigned long long bytes = (unsigned long long)info.st_blocks * 512;
    if (room->files == 0 || bytes > room->bytes) {
      fits_so_far = false;
      break;
    }
    room->files--;
    room->bytes -= bytes;
    if (!S_ISDIR(info.st_mode)) continue;
    int inner = openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (inner >= 0) fits_so_far = fits(inner, room, depth + 1);
  }
  closedir(entries);
  return fits_so_far;
}

bool folders_are_full(const struct run *run) {
  if (!run->folder_bytes) return false;
  struct room room = {run->folder_bytes, run->folder_files};
  for (size_t i = 0; i < run->mount_count; i++) {
    if (run->mounts[i].kind != WRITABLE) continue;
    int folder = open(run->mounts[i].source, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder >= 0 && !fits(folder, &room, 0)) return true;
  }
  return false;
}
