// The status file: the one place where the launcher says what happened.
//
// Lines: `group VERSION` if the run has a control group; `started`; `expired` if the time was up first, `full` if its
// folders were, which may also be said later; then
// `exited CODE`, `signalled SIGNAL`, `stopped 0`, `processor 0`, `slept 0`, `clock 0` or `memory 0`, each followed by the
// microseconds of processor time, the KiB of peak memory and the microseconds on the clock (watch.c); or
// `unstartable REASON` where the program is none, or `fault REASON` instead; `exhausted` if the kernel refused the group
// memory; at last, when every process is gone, `took` with the microseconds from the launcher's start.

#define _GNU_SOURCE
#include "run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void put(const char *format, va_list values) {
  char line[1024];
  int length = vsnprintf(line, sizeof line - 1, format, values);
  if (length < 0) return;
  if ((size_t)length > sizeof line - 2) length = sizeof line - 2;
  line[length++] = '\n';
  // A status that cannot be written is a missing one, and that counts as a fault.
  if (write(STATUS, line, length) != length) _exit(70);
}

void report(const char *format, ...) {
  va_list values;
  va_start(values, format);
  put(format, values);
  va_end(values);
}

void fault(const char *format, ...) {
  char reason[900];
  va_list values;
  va_start(values, format);
  vsnprintf(reason, sizeof reason, format, values);
  va_end(values);
  report("fault %s", reason);
  _exit(70);
}
