// Resource limits.

#define _GNU_SOURCE
#include "run.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

// Without a namespace of its own a user's processes and threads are counted over the whole machine. At least 1: us.
static unsigned long long tasks_of_user(void) {
  unsigned long long tasks = 0;
  DIR *processes = opendir("/proc");
  if (!processes) return 1;
  for (struct dirent *entry; (entry = readdir(processes));) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    char path[300];
    struct stat info;
    snprintf(path, sizeof path, "/proc/%s/task", entry->d_name);
    // A folder has two links of its own and one for each thread in it.
    if (stat(path, &info) == 0 && info.st_uid == geteuid() && info.st_nlink > 2) tasks += info.st_nlink - 2;
  }
  closedir(processes);
  return tasks ? tasks : 1;
}

static int limit(int resource, unsigned long long soft, unsigned long long hard) {
  struct rlimit now;
  if (getrlimit(resource, &now)) return -1;
  // The machine's own limit may be stricter already; only root could raise it.
  if (hard < now.rlim_max) now.rlim_max = hard;
  now.rlim_cur = soft < now.rlim_max ? soft : now.rlim_max;
  return setrlimit(resource, &now);
}

const char *set_limits(const struct run *run) {
  // Whole seconds; what comes before the next one is the supervisor's to watch.
  unsigned long long seconds = run->processor_ms / 1000 + 1;
  // The kernel counts the supervisor too, and elsewhere all that this user runs; this process is in the run's number.
  unsigned long long others = run->stage == INSIDE ? 1 : tasks_of_user() - 1;
  if (limit(RLIMIT_CORE, 0, 0)) return "core files";
  if (limit(RLIMIT_CPU, seconds, seconds + 1)) return "processor time";
  if (limit(RLIMIT_AS, run->address_space, run->address_space)) return "address space";
  if (limit(RLIMIT_FSIZE, run->file_size, run->file_size)) return "file size";
  if (limit(RLIMIT_NOFILE, run->open_files, run->open_files)) return "open files";
  if (limit(RLIMIT_STACK, 8 << 20, 8 << 20)) return "stack";
  if (limit(RLIMIT_MEMLOCK, 0, 0)) return "locked memory";
  if (limit(RLIMIT_MSGQUEUE, 0, 0)) return "message queues";
  // A timer takes one, also where its signal is never sent.
  if (limit(RLIMIT_SIGPENDING, 64, 64)) return "pending signals";
  if (limit(RLIMIT_NPROC, run->processes + others, run->processes + others)) return "processes";
  return NULL;
}
