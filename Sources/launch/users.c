// Who a run is where root starts it: a user of its own out of a range, which no other run of the machine is meanwhile.
//
// The range is given by `unroll` (UnprivilegedUsers.swift). Each of its users has a lock file in a folder that only
// root can write, so that any number of graders share a range. `launch` holds the lock until no process of the run is
// left, and so does the run's supervisor.

#define _GNU_SOURCE
#include "run.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

// The second is for a machine whose first cannot be written.
static const char *const lock_folders[] = {"/run/unroll", "/tmp/.unroll-users"};

// What to do where a container has fewer users than a machine.
static const char no_such_user[] = "; give UNROLL_UIDS a range of users that exist here";

static int open_lock_folder(void) {
  for (size_t i = 0; i < sizeof lock_folders / sizeof *lock_folders; i++) {
    const char *path = lock_folders[i];
    if (mkdir(path, 0700) && errno != EEXIST) continue;
    int folder = open(path, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat info;
    if (folder < 0 || fstat(folder, &info)) fault("cannot open the folder of locks '%s': %m", path);
    if (info.st_uid != 0 || info.st_mode & 022) fault("'%s' can be written by others than root; remove it", path);
    // A read-only file system says so only when a file is made.
    bool can_write = faccessat(folder, ".", W_OK, 0) == 0;
    // Above the numbers that a run's processes agree on.
    int above = can_write ? fcntl(folder, F_DUPFD_CLOEXEC, FIRST_UNUSED) : -1;
    close(folder);
    if (above >= 0) return above;
  }
  fault("no lock can be made in '%s' or '%s'; one of them must be root's to write", lock_folders[0], lock_folders[1]);
}

// Whether something of that user is running: a service that has the number too, or a run that has lost its launcher.
static bool is_at_work(uid_t user) {
  DIR *processes = opendir("/proc");
  if (!processes) fault("cannot list the processes: %m");
  bool found = false;
  for (struct dirent *entry; !found && (entry = readdir(processes));) {
    struct stat info;
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    found = fstatat(dirfd(processes), entry->d_name, &info, 0) == 0 && info.st_uid == user;
  }
  closedir(processes);
  return found;
}

static bool lock(int folder, uid_t user) {
  char name[40];
  snprintf(name, sizeof name, "user-%u.lock", user);
  int file = openat(folder, name, O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) fault("cannot open the lock '%s': %m", name);
  if (flock(file, LOCK_EX | LOCK_NB) || is_at_work(user)) {
    close(file);
    return false;
  }
  // Without close-on-exec: it lasts through bubblewrap.
  if (dup2(file, USER) < 0) fault("cannot place a descriptor: %m");
  if (file != USER) close(file);
  else fcntl(USER, F_SETFD, 0);
  return true;
}

void choose_user(struct run *run) {
  if (geteuid() != 0) return;
  if (!run->first_user) fault("started by root, this needs the users that a run may be (--users)");
  int folder = open_lock_folder();
  // Runs are short, and the range is larger than the number of runs that a machine has at a time.
  for (int attempt = 0; attempt < 1000 && !run->user; attempt++) {
    for (uid_t user = run->first_user; user <= run->last_user && !run->user; user++) {
      if (lock(folder, user)) run->user = user;
    }
    if (!run->user) usleep(20000);
  }
  close(folder);
  if (!run->user) {
    fault("every user from %u to %u has something running; give graders a wider range (UNROLL_UIDS)", run->first_user,
          run->last_user);
  }
}

// Gives a folder to somebody, and follows no link to it. Returns its descriptor.
static int give(const char *path, uid_t owner, gid_t group, mode_t mode) {
  int folder = open(path, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0 || fchown(folder, owner, group) || fchmod(folder, mode)) {
    fault("cannot give the folder '%s' to the user %u: %m%s", path, owner, errno == EINVAL ? no_such_user : "");
  }
  return folder;
}

// Gives what an earlier run of the same build made to this run's user, who may be another. Only what is surely of that
// making: folders, and files without a second name, of a user out of the range.
static void give_contents(const struct run *run, int folder, int depth) {
  DIR *entries = depth > 64 ? NULL : fdopendir(folder);
  if (!entries) {
    close(folder);
    return;
  }
  for (struct dirent *entry; (entry = readdir(entries));) {
    struct stat info;
    if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
    int item = openat(folder, entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (item < 0) continue;
    bool is_ours = fstat(item, &info) == 0 && info.st_uid >= run->first_user && info.st_uid <= run->last_user;
    bool is_folder = is_ours && S_ISDIR(info.st_mode);
    if (is_folder || (is_ours && S_ISREG(info.st_mode) && info.st_nlink == 1)) {
      if (fchown(item, run->user, run->user)) fault("cannot give '%s' to the user %u: %m", entry->d_name, run->user);
    }
    if (is_folder) give_contents(run, item, depth + 1);
    else close(item);
  }
  closedir(entries);
}

void hand_over(const struct run *run) {
  if (!run->user) return;
  for (size_t i = 0; i < run->mount_count; i++) {
    if (run->mounts[i].kind != WRITABLE) continue;
    give_contents(run, give(run->mounts[i].source, run->user, run->user, 0700), 0);
  }
  if (run->work) close(give(run->work, 0, run->user, 0710));
}

void take_back(const struct run *run) {
  if (run->user && run->work) close(give(run->work, 0, 0, 0700));
}

void drop_privileges(const struct run *run) {
  if (!run->user) return;
  if (setgroups(0, NULL) || setresgid(run->user, run->user, run->user) ||
      setresuid(run->user, run->user, run->user)) {
    fault("cannot become the user %u: %m%s", run->user, errno == EINVAL ? no_such_user : "");
  }
  if (setuid(0) == 0) fault("root's powers did not go away");
}
