// The part that stays outside: opens what only we may open, starts the rest, and holds its leash.
//
// `--die-with-parent` follows the thread that starts a process, and a thread of a pool may end at any time. This
// process has one thread, so that bubblewrap's parent is here until the run is over.

#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

long long now_us(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

// How long a run that was told to end has for it.
static const long long patience_us = 1000000;

// The supervisor keeps the time. This is for one that hangs, or a jail that never comes up, and must not fire on a
// machine that is busy: there a run takes many times as long as it is given.
static long long last_moment(const struct run *run, long long start) {
  return start + 60000000 + 20 * (long long)run->clock_ms * 1000;
}

// Opens a file straight onto a descriptor number.
static void open_as(int number, const char *path, int flags) {
  int descriptor = open(path, flags | O_NOCTTY);
  if (descriptor < 0) fault("cannot open '%s': %m", path);
  if (descriptor == number) return;
  if (dup2(descriptor, number) < 0) fault("cannot place a descriptor: %m");
  close(descriptor);
}

// The other end of the leash is held by this process alone, also if it is killed.
static int make_leash(void) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) fault("cannot make a pipe: %m");
  int ours = fcntl(ends[1], F_DUPFD_CLOEXEC, FIRST_UNUSED + 10);
  if (ours < 0) fault("cannot place a descriptor: %m");
  close(ends[1]);
  if (ends[0] != LEASH) {
    if (dup2(ends[0], LEASH) < 0) fault("cannot place a descriptor: %m");
    close(ends[0]);
  } else {
    fcntl(LEASH, F_SETFD, 0);
  }
  return ours;
}

// Starts a process, inside the control group where that can be done in one step: joining later may have to wait for
// every processor of the machine.
static pid_t start_process(int group) {
  if (group < 0) return fork();
  struct clone_args arguments = {
      .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (unsigned long long)group};
  return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

static _Noreturn void start(const struct run *run, int leash) {
  // A run that held its own leash would never feel it let go.
  close(leash);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  // If the machine runs out of memory, the largest process of a run is the one to end. Where this is refused, the
  // kernel chooses as it always does.
  int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score >= 0) (void)!write(score, "1000", 4);
  close(score);
  join_group();
  hand_over(run);
  if (run->stage == NAMESPACES) enter_jail(run);
  // No controlling terminal to push characters into.
  if (setsid() < 0) fault("cannot start a session: %m");
  drop_privileges(run);
  supervise(run);
}

// Waits for the child to end. When its time is up, when we are asked to, or when our own parent ends, it is told to
// by letting go of the leash; a child that does not follow is killed.
static int await(const struct run *run, pid_t child, int leash, long long deadline) {
  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGCHLD);
  sigaddset(&watched, SIGTERM);
  struct pollfd events[] = {
      {.fd = signalfd(-1, &watched, SFD_CLOEXEC), .events = POLLIN},
      {.fd = syscall(SYS_pidfd_open, getppid(), 0), .events = POLLIN},
  };
  if (events[0].fd < 0) fault("cannot watch for signals: %m");
  // Whoever ended before we came to watch has another in its place.
  if (run->parent && getppid() != run->parent) deadline = 0;
  for (;;) {
    long long left = deadline - now_us();
    bool end = left <= 0;
    if (end && leash >= 0) report("expired");
    if (!end && leash >= 0 && folders_are_full(run)) {
      report("full");
      end = true;
    }
    const long long pause = run->folder_bytes ? 100000 : 60000000;
    if (!end && poll(events, 2, left < pause ? (int)(left / 1000 + 1) : (int)(pause / 1000)) > 0) {
      struct signalfd_siginfo signal_info;
      end = events[1].revents || (events[0].revents && read(events[0].fd, &signal_info, sizeof signal_info) > 0 &&
                                  signal_info.ssi_signo == SIGTERM);
      if (events[1].revents) events[1].fd = -1;
    }
    int status;
    pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child) return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 70;
    if (ended < 0 && errno != EINTR) return 70;
    if (!end) continue;
    if (leash >= 0) {
      close(leash);
      leash = -1;
    } else {
      kill(child, SIGKILL);
    }
    deadline = now_us() + patience_us;
  }
}

int keep(struct run *run) {
  long long start_time = now_us();
  // Only the three streams come in, whatever our starter had open.
  if (syscall(SYS_close_range, 3, ~0U, 0)) return 70;
  // Low numbers that the starter left closed would be taken by the files below.
  for (int stream = 0; stream < 3; stream++) {
    if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", O_RDWR) != stream) return 70;
  }
  open_as(STATUS, run->status, O_WRONLY | O_APPEND);
  if (run->answers) open_as(ANSWERS, run->answers, O_WRONLY | O_APPEND);
  if (run->executable) open_as(PROGRAM, run->executable, O_RDONLY);
  choose_user(run);
  int leash = make_leash();

  sigset_t watched;
  sigemptyset(&watched);
  sigaddset(&watched, SIGCHLD);
  sigaddset(&watched, SIGTERM);
  // An ignored signal, as our starter may have handed it on, would never be seen.
  signal(SIGCHLD, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  sigprocmask(SIG_BLOCK, &watched, NULL);
  if (prctl(PR_SET_CHILD_SUBREAPER, 1)) fault("cannot take over orphaned processes: %m");
  if (run->grouped) make_group(run);
  int group = group_descriptor();
  pid_t child = start_process(group);
  if (child < 0) {
    remove_group();
    fault("cannot start a process: %m");
  }
  if (child == 0) start(run, leash);
  if (group >= 0) close(group);
  // The program's streams and files are not ours to hold open.
  for (int stream = 0; stream < 3; stream++) close(stream);
  if (run->answers) close(ANSWERS);
  if (run->executable) close(PROGRAM);
  close(LEASH);
  int code = await(run, child, leash, last_moment(run, start_time));
  // A supervisor that was killed has left its descendants to us, and so has bubblewrap. Nothing is read before they
  // are gone.
  end_descendants();
  if (folders_are_full(run)) report("full");
  take_back(run);
  if (group_ran_out()) report("exhausted");
  remove_group();
  report("took %lld", now_us() - start_time);
  return code;
}
