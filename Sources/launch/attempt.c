// Runs inside as the program itself and tries what the isolation must refuse: `launch attempt`.
//
// `unroll doctor` judges by what this prints, one line for each attempt: a name, then `refused`, `granted` or a
// number. A limit that the kernel accepts and then does not enforce shows here alone.

#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void tell(const char *name, bool granted) {
  printf("%s %s\n", name, granted ? "granted" : "refused");
}

// Starts processes that wait until no more can be had; the bound keeps a machine without a limit alive.
static int count_processes(void) {
  int started = 0;
  int gate[2];
  if (pipe(gate)) return -1;
  for (; started < 300; started++) {
    pid_t child = fork();
    if (child < 0) break;
    if (child == 0) {
      char byte;
      close(gate[1]);
      (void)!read(gate[0], &byte, 1);
      _exit(0);
    }
  }
  close(gate[1]);
  close(gate[0]);
  while (waitpid(-1, NULL, 0) > 0) {}
  return started;
}

static bool memory_beyond_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY) return true;
  return mmap(NULL, limit.rlim_cur, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) !=
         MAP_FAILED;
}

static long long bytes_written(void) {
  signal(SIGXFSZ, SIG_IGN);
  static char block[1 << 16];
  long long written = 0;
  for (ssize_t more; written < (16 << 20) && (more = write(ANSWERS, block, sizeof block)) > 0;) written += more;
  return written;
}

static bool opens(const char *path, int flags) {
  int descriptor = open(path, flags);
  if (descriptor >= 0) close(descriptor);
  return descriptor >= 0;
}

// Fills memory in process after process, each within its own limit, until somebody ends it.
static int hoard(void) {
  for (;;) {
    pid_t child = fork();
    if (child < 0) pause();
    if (child > 0) continue;
    const size_t size = 64 << 20;
    char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory != MAP_FAILED) memset(memory, 1, size);
    pause();
  }
}

// Fills the folder that it starts in with file after file, each within its limit, until somebody ends it.
static int crowd(void) {
  static char block[1 << 16];
  for (int number = 0;; number++) {
    char name[40];
    snprintf(name, sizeof name, "file-%d", number);
    int file = open(name, O_CREAT | O_WRONLY | O_EXCL, 0600);
    if (file < 0 || write(file, block, sizeof block) < 0) pause();
    close(file);
  }
}

int attempt(const char *what) {
  if (!strcmp(what, "hoard")) return hoard();
  if (!strcmp(what, "crowd")) return crowd();
  while (what[0]) pause();
  char path[64];
  printf("processes %d\n", count_processes());
  tell("memory", memory_beyond_limit());
  printf("file %lld\n", bytes_written());
  tell("network", socket(AF_INET, SOCK_STREAM, 0) >= 0);
  tell("namespace", unshare(CLONE_NEWUSER) == 0);
  tell("trace", ptrace(PTRACE_TRACEME, 0, 0, 0) == 0);
  tell("signal", kill(getppid(), 0) == 0);
  snprintf(path, sizeof path, "/proc/%d/fd", getppid());
  tell("supervisor", opens(path, O_RDONLY | O_DIRECTORY));
  tell("host", opens("/etc/passwd", O_RDONLY) || opens("/home", O_RDONLY) || opens("/var", O_RDONLY));
  const int writing = O_TMPFILE | O_RDWR;
  tell("write", opens("/tmp", writing) || opens("/", writing) || opens("/dev", writing) || opens("/dev/shm", writing));
  return 0;
}
