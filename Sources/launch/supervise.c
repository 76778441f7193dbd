// The parent of the program: starts it, waits for it, lets none of its processes outlive it.
//
// Inside bubblewrap this is process 1 of its namespace: the kernel ends everything with it, and no signal from
// inside can end it. Without namespaces it takes over whatever its descendants leave behind.

#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct ending {
  const char *word;
  int value;
};

// A failure before the program runs is ours. It goes to the supervisor through a pipe that exec closes.
__attribute__((format(printf, 2, 3))) static _Noreturn void give_up(int pipe, const char *format, ...) {
  char reason[600];
  va_list values;
  va_start(values, format);
  int length = vsnprintf(reason, sizeof reason, format, values);
  va_end(values);
  if (length > 0) (void)!write(pipe, reason, strnlen(reason, sizeof reason));
  _exit(70);
}

// Begins the words about a program that is at fault itself for not starting.
static const char unstartable[] = "unstartable ";

static _Noreturn void become_program(const struct run *run, int pipe) {
  // Handlers and masks of whoever started us are none of the program's business.
  for (int signal_number = 1; signal_number < NSIG; signal_number++) signal(signal_number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  setpgid(0, 0);
  umask(022);
  if (chdir(run->folder)) give_up(pipe, "cannot start in the folder '%s': %m", run->folder);

  if (run->answers && fcntl(ANSWERS, F_SETFD, 0)) give_up(pipe, "cannot hand on the answers' file: %m");
  if (syscall(SYS_close_range, run->answers ? ANSWERS + 1 : ANSWERS, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */)) {
    give_up(pipe, "cannot close descriptors: %m");
  }
  const char *name = set_limits(run);
  if (name) give_up(pipe, "cannot limit %s: %m", name);
  int error = refuse_system_calls(run);
  if (error) give_up(pipe, "cannot load the system-call filter: %s", strerror(-error));
  if (run->executable) {
    syscall(SYS_execveat, PROGRAM, "", run->program, run->environment, AT_EMPTY_PATH);
  } else {
    execve(run->program[0], run->program, run->environment);
  }
  int reason = errno;
  // A file that we may start and that is no program, or one too large for its limits, is not our doing.
  if (reason != EACCES && reason != EPERM && access(run->program[0], X_OK) == 0) {
    give_up(pipe, "%s%s", unstartable, strerror(reason));
  }
  give_up(pipe, "cannot start '%s': %s", run->program[0], strerror(reason));
}

// A stretch of the run with bounds of its own: the whole of it, or the one call that is being made.
struct stretch {
  long long processor, clock, slept;  // what the run had used when it began
  long long most_processor, most_clock;
};

static struct stretch stretch(const struct run *run, unsigned long long processor_ms, unsigned long long clock_ms) {
  // Where nobody tells waiting from sleeping, a busy machine must not be taken for a sleeping program.
  return (struct stretch){.most_processor = processor_ms * 1000,
                          .most_clock = clock_ms * (counts_waiting(run) ? 1000 : 10000)};
}

// The word for the bound that a stretch has overstepped, or NULL.
static const char *overstepped(const struct stretch *stretch, const struct usage *usage) {
  if (usage->processor - stretch->processor > stretch->most_processor) return "processor";
  if (usage->clock - stretch->clock <= stretch->most_clock) return NULL;
  // Half of it is what the bounds leave for sleeping beside the processor time; a look's length may be missing.
  return usage->slept - stretch->slept > stretch->most_clock / 2 - 30000 ? "slept" : "clock";
}

// Waits until the program has ended, has used up its time, or we are told to end it.
static struct ending await(const struct run *run, pid_t program, int children, struct usage *usage) {
  struct pollfd events[] = {{.fd = children, .events = POLLIN}, {.fd = LEASH, .events = POLLIN}};
  struct stretch whole = stretch(run, run->processor_ms, run->clock_ms);
  struct stretch call = stretch(run, run->call_processor_ms, run->call_clock_ms);
  pid_t calling = 0;
  for (;;) {
    look(run, program, usage);
    if (usage->memory > run->memory) return (struct ending){"memory", 0};
    const char *word = overstepped(&whole, usage);
    if (usage->call != calling) {
      calling = usage->call;
      call.processor = usage->processor - usage->call_processor;
      call.clock = usage->clock;
      call.slept = usage->slept;
    }
    if (!word && calling && run->call_processor_ms) word = overstepped(&call, usage);
    if (word) return (struct ending){word, 0};
    // Several threads use it up faster than the clock on the wall.
    long long left = (calling ? call.processor + call.most_processor : whole.most_processor) - usage->processor;
    if (poll(events, 2, left < 10000 ? 2 : 10) < 0 && errno != EINTR) fault("cannot wait for the program: %m");
    if (events[0].revents) {
      struct signalfd_siginfo ignored;
      (void)!read(children, &ignored, sizeof ignored);
      // Orphans come to us as well; only the program's own end is the end. It is not reaped yet, so that its number
      // still means its process group.
      for (;;) {
        siginfo_t ended = {.si_pid = 0};
        if (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) || ended.si_pid == 0) break;
        if (ended.si_pid == program) {
          return (struct ending){ended.si_code == CLD_EXITED ? "exited" : "signalled", ended.si_status};
        }
        waitpid(ended.si_pid, NULL, 0);
      }
    }
    if (events[1].revents) return (struct ending){"stopped", 0};
  }
}

// Ends whatever the program left running; comes back when nothing is left.
static void end_all(const struct run *run) {
  if (run->stage != INSIDE) return end_descendants();
  // Process 1 reaches everything but itself, and nothing but its own namespace.
  do {
    kill(-1, SIGKILL);
  } while (waitpid(-1, NULL, 0) >= 0 || errno != ECHILD);
}

void supervise(const struct run *run) {
  // Nobody but the kernel may look into this process or its descriptors.
  if (prctl(PR_SET_DUMPABLE, 0)) fault("cannot shield the supervisor: %m");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) fault("cannot set no_new_privs: %m");
  if (prctl(PR_SET_CHILD_SUBREAPER, 1)) fault("cannot take over orphaned processes: %m");

  sigset_t child_ended;
  sigemptyset(&child_ended);
  sigaddset(&child_ended, SIGCHLD);
  // A SIGCHLD that is ignored, as our starter may have it, would lose the program's status.
  signal(SIGCHLD, SIG_DFL);
  sigprocmask(SIG_BLOCK, &child_ended, NULL);
  int children = signalfd(-1, &child_ended, SFD_CLOEXEC);
  int start[2];
  if (children < 0 || pipe2(start, O_CLOEXEC)) fault("cannot prepare the supervisor: %m");

  pid_t program = fork();
  if (program < 0) fault("cannot start a process: %m");
  if (program == 0) become_program(run, start[1]);
  // Said by both, so that it holds whoever comes first.
  setpgid(program, program);

  // Held here, the streams would look open after the program has closed them.
  for (int stream = 0; stream <= ANSWERS; stream++) close(stream);
  close(start[1]);
  char reason[601];
  ssize_t length = read(start[0], reason, sizeof reason - 1);
  if (length > 0) {
    reason[length] = 0;
    if (strncmp(reason, unstartable, strlen(unstartable))) fault("%s", reason);
    report("started");
    report("%s", reason);
    _exit(0);
  }
  report("started");

  struct usage usage = {0};
  struct ending ending = await(run, program, children, &usage);
  end_all(run);
  struct rusage used;
  getrusage(RUSAGE_CHILDREN, &used);
  long long microseconds = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000LL + used.ru_utime.tv_usec +
                           used.ru_stime.tv_usec;
  // What nobody waited for is in the looks alone, what ended since the last look is not.
  if (usage.processor > microseconds) microseconds = usage.processor;
  report("%s %d %lld %ld %lld", ending.word, ending.value, microseconds, used.ru_maxrss, usage.clock);
  _exit(0);
}
