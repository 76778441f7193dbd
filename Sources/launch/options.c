// The command line of `launch`.

#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 1, 2))) static _Noreturn void refuse(const char *format, ...) {
  va_list values;
  va_start(values, format);
  fputs("launch: ", stderr);
  vfprintf(stderr, format, values);
  fputs("\n", stderr);
  va_end(values);
  exit(64);
}

static unsigned long long number(const char *option, const char *text) {
  errno = 0;
  char *end = NULL;
  unsigned long long value = text[0] >= '0' && text[0] <= '9' ? strtoull(text, &end, 10) : 0;
  if (!end || *end || errno || value == 0 || value > INT64_MAX) {
    refuse("option '%s' needs a whole number above 0, not '%s'", option, text);
  }
  return value;
}

static uid_t user(const char *option, const char *text) {
  unsigned long long value = number(option, text);
  // Linux's "nobody", which many services are, and the two numbers that mean "none".
  if (value == 65534 || value == 65535 || value >= UINT32_MAX) refuse("option '%s' cannot name %s", option, text);
  return (uid_t)value;
}

static const char *absolute(const char *option, const char *path) {
  if (path[0] != '/') refuse("option '%s' needs an absolute path, not '%s'", option, path);
  return path;
}

static enum stage stage(int count, char **words) {
  if (count >= 2) {
    if (!strcmp(words[1], "namespaces")) return NAMESPACES;
    if (!strcmp(words[1], "limits")) return LIMITS;
    if (!strcmp(words[1], "inside")) return INSIDE;
  }
  refuse("start with 'namespaces' or 'limits'");
}

struct run parse(int count, char **words) {
  struct run run = {.stage = stage(count, words), .folder = "/"};
  run.mounts = calloc(count, sizeof *run.mounts);
  run.environment = calloc(count, sizeof *run.environment);
  if (!run.mounts || !run.environment) refuse("out of memory");

  int i = 2;
  while (i < count && strcmp(words[i], "--")) {
    const char *option = words[i++];
    char **values = words + i;
    int left = count - i;
#define TAKES(name, n) (!strcmp(option, name) && (left >= n || (refuse("option '%s' needs %d values", name, n), 0)) && \
                        (i += n))
    struct mount *mount = &run.mounts[run.mount_count];
    if (TAKES("--status", 1)) {
      run.status = absolute(option, values[0]);
    } else if (TAKES("--answers", 1)) {
      run.answers = absolute(option, values[0]);
    } else if (TAKES("--bubblewrap", 1)) {
      run.bubblewrap = absolute(option, values[0]);
    } else if (TAKES("--read-only", 2)) {
      *mount = (struct mount){READ_ONLY, absolute(option, values[0]), absolute(option, values[1])};
      run.mount_count++;
    } else if (TAKES("--copy", 2)) {
      *mount = (struct mount){COPY, absolute(option, values[0]), absolute(option, values[1])};
      run.mount_count++;
    } else if (TAKES("--writable", 2)) {
      *mount = (struct mount){WRITABLE, absolute(option, values[0]), absolute(option, values[1])};
      run.mount_count++;
    } else if (TAKES("--scratch", 2)) {
      number(option, values[0]);
      *mount = (struct mount){SCRATCH, values[0], absolute(option, values[1])};
      run.mount_count++;
    } else if (TAKES("--link", 2)) {
      *mount = (struct mount){LINK, values[0], absolute(option, values[1])};
      run.mount_count++;
    } else if (TAKES("--environment", 1)) {
      const char *equals = strchr(values[0], '=');
      if (!equals || equals == values[0]) refuse("option '%s' needs NAME=VALUE, not '%s'", option, values[0]);
      run.environment[run.environment_count++] = values[0];
    } else if (TAKES("--nested-limit", 0)) {
      run.has_nested_limit = true;
    } else if (TAKES("--sized-scratch", 0)) {
      run.has_sized_scratch = true;
    } else if (TAKES("--makes-files", 0)) {
      run.makes_files = true;
    } else if (TAKES("--executable", 1)) {
      run.executable = absolute(option, values[0]);
    } else if (TAKES("--work", 1)) {
      run.work = absolute(option, values[0]);
    } else if (TAKES("--users", 2)) {
      run.first_user = user(option, values[0]);
      run.last_user = user(option, values[1]);
    } else if (TAKES("--folder", 1)) {
      run.folder = absolute(option, values[0]);
    } else if (TAKES("--processor-ms", 1)) {
      run.processor_ms = number(option, values[0]);
    } else if (TAKES("--clock-ms", 1)) {
      run.clock_ms = number(option, values[0]);
    } else if (TAKES("--call-processor-ms", 1)) {
      run.call_processor_ms = number(option, values[0]);
    } else if (TAKES("--call-clock-ms", 1)) {
      run.call_clock_ms = number(option, values[0]);
    } else if (TAKES("--clock-alone", 0)) {
      run.clock_alone = true;
    } else if (TAKES("--address-space", 1)) {
      run.address_space = number(option, values[0]);
    } else if (TAKES("--memory", 1)) {
      run.memory = number(option, values[0]);
    } else if (TAKES("--grouped", 0)) {
      run.grouped = true;
    } else if (TAKES("--parent", 1)) {
      run.parent = (pid_t)number(option, values[0]);
    } else if (TAKES("--processes", 1)) {
      run.processes = number(option, values[0]);
    } else if (TAKES("--file-size", 1)) {
      run.file_size = number(option, values[0]);
    } else if (TAKES("--folders", 2)) {
      run.folder_bytes = number(option, values[0]);
      run.folder_files = number(option, values[1]);
    } else if (TAKES("--open-files", 1)) {
      run.open_files = number(option, values[0]);
    } else {
      refuse("there is no option '%s'", option);
    }
  }

  run.program = i < count ? words + i + 1 : words + count;
  if (!run.program[0]) refuse("name a program after '--'");
  absolute("--", run.program[0]);
  if (!run.processor_ms || !run.clock_ms || !run.address_space || !run.memory || !run.processes || !run.file_size || !run.open_files) {
    refuse("give every limit: processor-ms, clock-ms, address-space, memory, processes, file-size, open-files");
  }
  if (run.stage != INSIDE && !run.status) refuse("name a file with --status");
  if (run.stage == NAMESPACES && !run.bubblewrap) refuse("name bubblewrap with --bubblewrap");
  return run;
}
