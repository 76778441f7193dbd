// What a run has used so far: processor time, time on the clock, memory.
//
// A resource limit counts one process at a time, and a control group is not to be had everywhere, so that /proc is read
// every few milliseconds. What such a look misses is what comes and goes between two looks.
//
// Processor time is what counts. The clock is for programs that sleep, and must not run while a program only waits for
// a processor that others keep busy. The kernel adds that waiting up for every thread (schedstat), and for a single
// thread the rest is exact: time = running + waiting + sleeping. While several threads could run at once their waiting
// overlaps, and the clock runs.

#define _GNU_SOURCE
#include "run.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { MOST_PROCESSES = 600, MOST_TASKS = 1200, MOST_DEPTH = 500 };

struct process {
  int id, parent;
  char state;
  long long own, reaped;  // microseconds of the processor: its own, and those of children it has waited for
};

struct task {
  int id;
  char state;
  unsigned long long ran, waited;  // nanoseconds, as the kernel has them
  long long changed;  // the `open` of the last look before these numbers came up
  long long queued;   // the `open` of the first look that found it runnable with these numbers; -1: none did
};

struct sample {
  long long taken;  // by the machine's clock
  long long time;   // as much of it as was watched
  long long open;   // as much of that as a thread may have waited for a processor; all in microseconds
  unsigned long long memory;
  struct process processes[MOST_PROCESSES];
  int process_count;
  struct task tasks[MOST_TASKS];
  int task_count;
  int runnable, blocked;
};

static struct sample samples[2];
static int looks;

static bool read_line(const char *path, char *line, size_t size) {
  FILE *file = fopen(path, "re");
  if (!file) return false;
  bool read = fgets(line, size, file);
  fclose(file);
  return read;
}

static void count_task(struct sample *sample, int process, int id) {
  if (sample->task_count == MOST_TASKS) return;
  char path[64], line[512];
  struct task *task = &sample->tasks[sample->task_count];
  *task = (struct task){.id = id, .queued = -1};
  snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", process, id);
  if (read_line(path, line, sizeof line)) sscanf(line, "%llu %llu", &task->ran, &task->waited);
  snprintf(path, sizeof path, "/proc/%d/task/%d/stat", process, id);
  if (!read_line(path, line, sizeof line)) return;
  char *rest = strrchr(line, ')');
  if (!rest || sscanf(rest, ") %c", &task->state) != 1) return;
  if (task->state == 'R') sample->runnable++;
  if (task->state == 'D') sample->blocked++;
  sample->task_count++;
}

static void count_tasks(struct sample *sample, int process) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task", process);
  DIR *tasks = opendir(path);
  if (!tasks) return;
  for (struct dirent *entry; (entry = readdir(tasks));) {
    if (isdigit((unsigned char)entry->d_name[0])) count_task(sample, process, atoi(entry->d_name));
  }
  closedir(tasks);
}

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

static void count_process(struct sample *sample, int id) {
  if (sample->process_count == MOST_PROCESSES) return;
  char path[64], line[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", id);
  if (!read_line(path, line, sizeof line)) return;
  struct process *process = &sample->processes[sample->process_count];
  *process = (struct process){.id = id};
  long long user, system, reaped_user, reaped_system;
  char *rest = strrchr(line, ')');
  if (!rest || sscanf(rest, ") %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld %lld %lld", &process->state,
                      &process->parent, &user, &system, &reaped_user, &reaped_system) != 6) {
    return;
  }
  long long tick = 1000000 / sysconf(_SC_CLK_TCK);
  process->own = (user + system) * tick;
  process->reaped = (reaped_user + reaped_system) * tick;
  clockid_t clock;
  struct timespec used;
  if (clock_getcpuclockid(id, &clock) == 0 && clock_gettime(clock, &used) == 0) {
    process->own = used.tv_sec * 1000000LL + used.tv_nsec / 1000;
  }
  sample->process_count++;
  sample->memory += bytes_of(id);
  count_tasks(sample, id);
}

// A chain longer than the process limit cannot be; the bound is for one that changes while it is followed.
static void count_descendants(struct sample *sample, int process, int depth) {
  if (depth > MOST_DEPTH) return;
  char path[300];
  snprintf(path, sizeof path, "/proc/%d/task", process);
  DIR *threads = opendir(path);
  if (!threads) return;
  for (struct dirent *thread; (thread = readdir(threads));) {
    if (!isdigit((unsigned char)thread->d_name[0])) continue;
    snprintf(path, sizeof path, "/proc/%d/task/%.20s/children", process, thread->d_name);
    FILE *children = fopen(path, "re");
    if (!children) continue;
    for (int child; fscanf(children, "%d", &child) == 1;) {
      count_process(sample, child);
      count_descendants(sample, child, depth + 1);
    }
    fclose(children);
  }
  closedir(threads);
}

static void take(const struct run *run, struct sample *sample) {
  sample->taken = now_us();
  sample->memory = 0;
  sample->process_count = sample->task_count = sample->runnable = sample->blocked = 0;
  if (run->stage != INSIDE) return count_descendants(sample, getpid(), 0);
  // Inside, every process but this one is the run's.
  DIR *processes = opendir("/proc");
  if (!processes) return;
  for (struct dirent *entry; (entry = readdir(processes));) {
    int process = atoi(entry->d_name);
    if (process > 1) count_process(sample, process);
  }
  closedir(processes);
}

static const struct process *find_process(const struct sample *sample, int id) {
  for (int i = 0; i < sample->process_count; i++) {
    if (sample->processes[i].id == id) return &sample->processes[i];
  }
  return NULL;
}

static const struct task *find_task(const struct sample *sample, int id) {
  for (int i = 0; i < sample->task_count; i++) {
    if (sample->tasks[i].id == id) return &sample->tasks[i];
  }
  return NULL;
}

// Processor time of all processes, also of those that have ended. Either of two sums may miss some: what a process used
// after the last look at it, or what one used whose parent did not wait for it. None counts anything twice.
static long long processor_time(const struct sample *before, const struct sample *now) {
  static long long gone;
  for (int i = 0; i < before->process_count; i++) {
    if (!find_process(now, before->processes[i].id)) gone += before->processes[i].own;
  }
  struct rusage used;
  getrusage(RUSAGE_CHILDREN, &used);
  long long seen = gone;
  long long reaped = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000LL + used.ru_utime.tv_usec +
                     used.ru_stime.tv_usec;
  for (int i = 0; i < now->process_count; i++) {
    seen += now->processes[i].own;
    reaped += now->processes[i].own + now->processes[i].reaped;
  }
  return seen > reaped ? seen : reaped;
}

// How long the threads waited for a processor since the last look, in microseconds, as far as the kernel or our own eyes
// know; sets how long the one that may be waiting now has waited at most. The kernel tells a wait when it is over, which
// may be many looks later; what of it fell into time that is not open does not count, and all the rest does.
static long long waiting(const struct sample *before, struct sample *now, long long *pending) {
  long long sum = 0;
  *pending = 0;
  for (int i = 0; i < now->task_count; i++) {
    struct task *task = &now->tasks[i];
    const struct task *old = find_task(before, task->id);
    task->changed = before->open;
    if (old && old->ran == task->ran && old->waited == task->waited) {
      task->changed = old->changed;
      task->queued = old->queued;
    } else {
      long long known = (task->waited - (old ? old->waited : 0)) / 1000;
      long long most = now->open - (old ? old->changed : before->open);
      if (known > most) known = most;
      // A group that has used up its share of the processors keeps its threads runnable and lets none run; the kernel
      // does not call that waiting, but whoever was runnable and did not run has waited.
      long long seen = old && old->queued >= 0 ? before->open - old->queued : 0;
      sum += known > seen ? known : seen;
    }
    if (task->state != 'R') {
      task->queued = -1;
    } else {
      if (task->queued < 0) task->queued = now->open;
      if (now->open - task->changed > *pending) *pending = now->open - task->changed;
    }
  }
  for (int i = 0; i < before->task_count; i++) {
    const struct task *gone = &before->tasks[i];
    if (gone->queued >= 0 && !find_task(now, gone->id)) sum += before->open - gone->queued;
  }
  return sum;
}

// How much of the time since the last look counts. A look that comes late was held up as the run may have been: by a
// busy machine, by a group that has used up its share of the processors, by a machine that was stopped for a while. What
// nobody saw then is not held against the run, and of threads that could have run only what they did run is.
static bool is_late(const struct sample *before, const struct sample *now) {
  const long long latest = 20000;
  return now->taken - before->taken > latest;
}

static long long watched(const struct sample *before, const struct sample *now, long long processor) {
  long long passed = now->taken - before->taken;
  if (!is_late(before, now)) return passed;
  if (before->runnable && now->runnable) return processor < passed ? processor : passed;
  return 20000;
}

bool counts_waiting(const struct run *run) {
  static int answer = -1;
  char line[128];
  unsigned long long ran = 0, waited, turns = 0;
  if (answer < 0) {
    answer = !run->clock_alone && read_line("/proc/self/schedstat", line, sizeof line) &&
             sscanf(line, "%llu %llu %llu", &ran, &waited, &turns) == 3 && ran > 0 && turns > 0;
  }
  return answer;
}

void look(const struct run *run, pid_t program, struct usage *usage) {
  static long long several, waited, blocked, processor;
  struct sample *now = &samples[looks % 2], *before = &samples[(looks + 1) % 2];
  take(run, now);
  if (looks++ == 0) before->taken = now->taken;
  long long used = processor_time(before, now) - processor, pending;
  if (used < 0) used = 0;
  processor += used;
  now->time = before->time + watched(before, now, used);
  // Late looks and threads that wait beside each other do not open it.
  now->open = before->open;
  if (!counts_waiting(run)) {
    now->time = before->time + now->taken - before->taken;
    several = now->time;
  } else if (now->runnable > 1 && before->runnable > 1) {
    several += now->time - before->time;
  } else if (!is_late(before, now)) {
    now->open += now->time - before->time;
  }
  long long wait = waiting(before, now, &pending);
  waited += wait;
  if (!now->runnable && now->blocked) blocked += now->time - before->time;
  usage->memory = now->memory;
  usage->processor = processor;
  usage->clock = now->time - waited - pending;
  usage->slept = usage->clock - several - processor - blocked;
  usage->call = 0;
  // The newest one: an earlier child may have stopped itself for good.
  for (int i = 0; i < now->process_count; i++) {
    if (now->processes[i].parent != program || now->processes[i].id < usage->call) continue;
    usage->call = now->processes[i].id;
    usage->call_processor = now->processes[i].own + now->processes[i].reaped;
  }
}
