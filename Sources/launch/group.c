// A control group of the run's own, where this machine lets us make one: the kernel's bound on the memory and the
// processes of the whole run, with what no resource limit counts (socket buffers, pipes, page tables).
//
// Version 2 wants a group whose parent hands on both controllers; version 1 has a tree for each. A machine that has
// neither, or does not let us write, is no fault: the supervisor watches the memory all the same (watch.c).

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

// One folder with both controllers, or one for each.
static char folders[2][600];
static int count;
static bool is_version_2;

static bool put(const char *folder, const char *file, unsigned long long value) {
  char path[700], text[32];
  snprintf(path, sizeof path, "%s/%s", folder, file);
  int length = snprintf(text, sizeof text, "%llu", value);
  int descriptor = open(path, O_WRONLY | O_CLOEXEC);
  bool done = descriptor >= 0 && write(descriptor, text, length) == length;
  if (descriptor >= 0) close(descriptor);
  return done;
}

static bool holds(const char *list, const char *word) {
  size_t length = strlen(word);
  for (const char *at = list; (at = strstr(at, word)); at++) {
    bool begins = at == list || strchr(" ,", at[-1]);
    if (begins && strchr(" ,\n", at[length])) return true;
  }
  return false;
}

static bool has_controllers(const char *folder) {
  char path[700], line[400] = "";
  snprintf(path, sizeof path, "%s/cgroup.subtree_control", folder);
  FILE *file = fopen(path, "re");
  if (!file) return false;
  bool read = fgets(line, sizeof line, file);
  fclose(file);
  return read && holds(line, "memory") && holds(line, "pids");
}

// Where the tree of a controller is mounted; NULL stands for version 2. Writes the folder of our own group there.
static bool own_group(const char *controller, char *folder, size_t size) {
  char line[4096], group[300] = "";
  FILE *file = fopen("/proc/self/cgroup", "re");
  if (!file) return false;
  while (fgets(line, sizeof line, file)) {
    char *names = strchr(line, ':'), *path = names ? strchr(names + 1, ':') : NULL;
    if (!path) continue;
    *path++ = 0;
    path[strcspn(path, "\n")] = 0;
    if (controller ? holds(names + 1, controller) : !strncmp(line, "0:", 2)) snprintf(group, sizeof group, "%s", path);
  }
  fclose(file);
  file = fopen("/proc/self/mountinfo", "re");
  if (!file || !group[0]) {
    if (file) fclose(file);
    return false;
  }
  bool found = false;
  while (!found && fgets(line, sizeof line, file)) {
    char root[300], point[300], kind[32], options[300];
    char *tail = strstr(line, " - ");
    if (!tail || sscanf(line, "%*s %*s %*s %299s %299s", root, point) != 2) continue;
    if (sscanf(tail + 3, "%31s %*s %299s", kind, options) != 2) continue;
    if (strcmp(kind, controller ? "cgroup" : "cgroup2") || (controller && !holds(options, controller))) continue;
    // A container sees a part of the tree; its paths may or may not begin with that part's name.
    const char *rest = group;
    size_t length = strlen(root);
    if (length > 1 && !strncmp(group, root, length)) rest += length;
    snprintf(folder, size, "%s%s", point, strcmp(rest, "/") ? rest : "");
    found = true;
  }
  fclose(file);
  return found;
}

// What a launcher left that was killed: a group is removed only when nobody is in it and its maker is gone.
static void sweep(const char *parent) {
  DIR *folder = opendir(parent);
  if (!folder) return;
  for (struct dirent *entry; (entry = readdir(folder));) {
    int maker;
    if (sscanf(entry->d_name, "unroll-%d", &maker) != 1 || kill(maker, 0) == 0 || errno != ESRCH) continue;
    unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR);
  }
  closedir(folder);
}

static bool make(const char *parent) {
  sweep(parent);
  snprintf(folders[count], sizeof folders[count], "%.500s/unroll-%d", parent, (int)getpid());
  if (mkdir(folders[count], 0755)) return false;
  count++;
  return true;
}

static bool make_version_2(const struct run *run) {
  char own[500];
  if (!own_group(NULL, own, sizeof own)) return false;
  // A group with processes in it cannot hand on controllers, so that the group beside ours is the usual place.
  char *slash = strrchr(own, '/');
  if (!has_controllers(own) && slash) *slash = 0;
  if (!has_controllers(own) || !make(own)) return false;
  is_version_2 = true;
  put(folders[0], "memory.swap.max", 0);
  return put(folders[0], "memory.max", run->memory) && put(folders[0], "pids.max", run->processes + 8);
}

static bool make_version_1(const struct run *run) {
  char own[500];
  if (!own_group("memory", own, sizeof own) || !make(own)) return false;
  if (!put(folders[0], "memory.limit_in_bytes", run->memory)) return false;
  // A little more together with swap: the kernel tries that bound first, and newer ones count a bound that was
  // reached only for memory by itself.
  put(folders[0], "memory.memsw.limit_in_bytes", run->memory + (1 << 20));
  return own_group("pids", own, sizeof own) && make(own) && put(folders[1], "pids.max", run->processes + 8);
}

void make_group(const struct run *run) {
  if (make_version_2(run) || (remove_group(), make_version_1(run))) {
    report("group %d", is_version_2 ? 2 : 1);
  } else {
    remove_group();
  }
}

int group_descriptor(void) {
  return is_version_2 && count ? open(folders[0], O_DIRECTORY | O_RDONLY | O_CLOEXEC) : -1;
}

void join_group(void) {
  if (is_version_2) return;
  // 0 is whoever writes.
  for (int i = 0; i < count; i++) {
    if (!put(folders[i], "cgroup.procs", 0)) fault("cannot join the control group '%s': %m", folders[i]);
  }
}

// The number behind a word in a file of the group, or the only number there.
static long long number_in(const char *name, const char *word) {
  char path[700], line[200];
  snprintf(path, sizeof path, "%s/%s", folders[0], name);
  FILE *file = fopen(path, "re");
  if (!file) return 0;
  long long number = 0;
  size_t length = strlen(word);
  while (fgets(line, sizeof line, file)) {
    if (!strncmp(line, word, length) && sscanf(line + length, " %lld", &number) == 1) break;
  }
  fclose(file);
  return number;
}

// The kernel may also end a process of the group because a larger group or the machine is out of memory, which is none of
// the run's doing: the group's own bound must have been reached.
bool group_ran_out(void) {
  if (!count) return false;
  if (is_version_2) return number_in("memory.events", "oom_kill ") > 0 && number_in("memory.events", "max ") > 0;
  return number_in("memory.oom_control", "oom_kill ") > 0 && number_in("memory.failcnt", "") > 0;
}

void remove_group(void) {
  for (int i = 0; i < count; i++) {
    // The kernel takes a moment to see that the last process is gone.
    for (int attempt = 0; rmdir(folders[i]) && errno == EBUSY && attempt < 100; attempt++) usleep(5000);
  }
  count = 0;
  is_version_2 = false;
}
