// Ends every descendant of this process, whether or not a namespace would do it.

#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void kill_children(void) {
  FILE *children = fopen("/proc/thread-self/children", "re");
  if (!children) fault("cannot list the processes left behind: %m");
  for (int child; fscanf(children, "%d", &child) == 1;) {
    // A signal to a whole group is one step for the kernel, and no fork slips through it. Groups do not reach beyond
    // a session, and a run has its own.
    pid_t group = getpgid(child);
    if (group > 1 && group != getpgrp()) kill(-group, SIGKILL);
    kill(child, SIGKILL);
  }
  fclose(children);
}

void end_descendants(void) {
  // The children of each one that ends become ours, so that we come to all of them. The one waited for last may have
  // been the last one.
  do {
    kill_children();
  } while (waitpid(-1, NULL, 0) >= 0 || errno != ECHILD);
}
