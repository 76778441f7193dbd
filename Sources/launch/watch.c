// The memory of all processes of a run together.
//
// A resource limit counts one process at a time, and a control group is not to be had everywhere. What a look every
// few milliseconds misses is what can be touched in between.

#define _GNU_SOURCE
#include "run.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Memory that belongs to a process and would not be there without it: private, shared without a file, swapped out.
static unsigned long long bytes_of(int process) {
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/status", process);
  FILE *file = fopen(path, "re");
  if (!file) return 0;
  unsigned long long sum = 0, kibibytes;
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "RssAnon: %llu", &kibibytes) == 1 || sscanf(line, "RssShmem: %llu", &kibibytes) == 1 ||
        sscanf(line, "VmSwap: %llu", &kibibytes) == 1) {
      sum += kibibytes;
    }
  }
  fclose(file);
  return sum << 10;
}

static unsigned long long with_descendants(int process, int depth);

static unsigned long long descendants(int process, int depth) {
  char path[300];
  snprintf(path, sizeof path, "/proc/%d/task", process);
  DIR *threads = opendir(path);
  if (!threads) return 0;
  unsigned long long sum = 0;
  for (struct dirent *thread; (thread = readdir(threads));) {
    if (!isdigit((unsigned char)thread->d_name[0])) continue;
    snprintf(path, sizeof path, "/proc/%d/task/%s/children", process, thread->d_name);
    FILE *children = fopen(path, "re");
    if (!children) continue;
    for (int child; fscanf(children, "%d", &child) == 1;) sum += with_descendants(child, depth + 1);
    fclose(children);
  }
  closedir(threads);
  return sum;
}

// A chain longer than the process limit cannot be; the bound is for one that changes while it is followed.
static unsigned long long with_descendants(int process, int depth) {
  return depth > 500 ? 0 : bytes_of(process) + descendants(process, depth);
}

unsigned long long memory_of_run(const struct run *run) {
  if (run->stage != INSIDE) return descendants(getpid(), 0);
  // Inside, every process but this one is the run's.
  unsigned long long sum = 0;
  DIR *processes = opendir("/proc");
  if (!processes) return 0;
  for (struct dirent *entry; (entry = readdir(processes));) {
    int process = atoi(entry->d_name);
    if (process > 1) sum += bytes_of(process);
  }
  closedir(processes);
  return sum;
}
