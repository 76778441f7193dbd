// Becomes bubblewrap, with every option that a submission's run needs.

#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

// Where this executable stands inside; LayerTrial.swift knows it too.
static const char inside_launcher[] = "/.launch";

// bubblewrap's options go in by descriptor: on its command line they would show the host's paths to the inside.
static FILE *options;

static void option(const char *word) {
  if (fwrite(word, 1, strlen(word) + 1, options) != strlen(word) + 1) fault("cannot write bubblewrap's options: %m");
}

#define OPTIONS(...)                                                                        \
  do {                                                                                      \
    const char *const words[] = {__VA_ARGS__};                                              \
    for (size_t word = 0; word < sizeof words / sizeof *words; word++) option(words[word]); \
  } while (0)

// Whether the run's user gets to a file through the folders above it, and may read it.
static bool reachable(const char *path, uid_t user) {
  if (setegid(user) || seteuid(user)) fault("cannot try the user %u: %m", user);
  int descriptor = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  int error = errno;
  if (seteuid(0) || setegid(0)) fault("cannot become root again: %m");
  if (descriptor >= 0) close(descriptor);
  errno = error;
  return descriptor >= 0;
}

// Root's files often lie under a folder that only root may enter, such as /root. They are bound into a folder that
// anyone may enter, in a mount namespace that goes away with the run.
static void stage_sources(struct mount *mounts, size_t count, uid_t user) {
  static const char folder[] = "/tmp";
  if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) {
    fault("the user %u cannot reach every file of the run, and a mount namespace to show them is refused: %m; put "
          "them where every user may read", user);
  }
  int *sources = calloc(count, sizeof *sources);
  if (!sources) fault("out of memory");
  for (size_t i = 0; i < count; i++) {
    sources[i] = -1;
    if (mounts[i].kind != READ_ONLY && mounts[i].kind != WRITABLE) continue;
    sources[i] = open(mounts[i].source, O_PATH | O_CLOEXEC);
    if (sources[i] < 0) fault("cannot open '%s': %m", mounts[i].source);
  }
  if (mount("tmpfs", folder, "tmpfs", MS_NOSUID | MS_NODEV, "size=64k,mode=0755")) fault("cannot stage files: %m");
  for (size_t i = 0; i < count; i++) {
    if (sources[i] < 0) continue;
    char from[64], *to;
    struct stat info;
    snprintf(from, sizeof from, "/proc/self/fd/%d", sources[i]);
    if (asprintf(&to, "%s/%zu", folder, i) < 0 || fstat(sources[i], &info)) fault("cannot stage files: %m");
    int made = S_ISDIR(info.st_mode) ? mkdir(to, 0755) : mknod(to, S_IFREG | 0644, 0);
    if (made || mount(from, to, NULL, MS_BIND | MS_REC, NULL)) fault("cannot stage '%s': %m", mounts[i].source);
    close(sources[i]);
    if (!reachable(to, user)) {
      fault("the user %u cannot read '%s': %m; make it readable for every user", user, mounts[i].source);
    }
    mounts[i].source = to;
  }
  free(sources);
}

// Root's files are shown to the run's user, by a second mount where its way to them is closed.
static void share_with(uid_t user, struct mount *mounts, size_t count) {
  // A group of root's may open a way that the run will not have.
  if (setgroups(0, NULL)) fault("cannot leave root's groups: %m");
  bool all = true;
  for (size_t i = 0; i < count; i++) {
    if (mounts[i].kind == READ_ONLY || mounts[i].kind == WRITABLE) all = all && reachable(mounts[i].source, user);
  }
  if (!all) stage_sources(mounts, count, user);
}

// A file that is mounted shows where it lies on the host, in /proc/self/mountinfo; a copy in the jail's own memory does
// not, and is read-only with its root. What is mounted belongs to the system or the toolchain, which is no secret.
static void copy_files(struct mount *mounts, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (mounts[i].kind != COPY) continue;
    int descriptor = open(mounts[i].source, O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
    struct stat info;
    if (descriptor < 0) fault("cannot open '%s': %m", mounts[i].source);
    if (fstat(descriptor, &info) || !S_ISREG(info.st_mode)) fault("'%s' is no regular file", mounts[i].source);
    char *number;
    if (asprintf(&number, "%d", descriptor) < 0) fault("out of memory");
    mounts[i].source = number;
  }
}

static void write_options(const struct run *run, const struct mount *mounts, size_t count) {
  OPTIONS("--unshare-user", "--unshare-all", "--new-session", "--die-with-parent", "--as-pid-1", "--hostname",
          "sandbox", "--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev");
  // Where bubblewrap is too old for this, the filter alone keeps the inside from namespaces of its own.
  if (run->has_nested_limit) OPTIONS("--disable-userns");
  for (size_t i = 0; i < count; i++) {
    const struct mount mount = mounts[i];
    switch (mount.kind) {
      case COPY: OPTIONS("--perms", "0555", "--file", mount.source, mount.inside); break;
      case READ_ONLY: OPTIONS("--ro-bind", mount.source, mount.inside); break;
      case WRITABLE: OPTIONS("--bind", mount.source, mount.inside); break;
      case SCRATCH:
        if (run->has_sized_scratch) OPTIONS("--size", mount.source);
        OPTIONS("--tmpfs", mount.inside);
        break;
      case LINK: OPTIONS("--symlink", mount.source, mount.inside); break;
    }
  }
  OPTIONS("--remount-ro", "/");
  if (fflush(options)) fault("cannot write bubblewrap's options: %m");
}

// The command line of the stage inside, as bubblewrap's own arguments; it holds inside paths alone.
static char **command(const struct run *run, const char *options_descriptor) {
  size_t words = 0;
  for (char **word = run->program; *word; word++) words++;
  char **line = calloc(36 + 2 * run->environment_count + words, sizeof *line);
  if (!line) fault("out of memory");
  size_t n = 0;
  const char *const head[] = {run->bubblewrap, "--args", options_descriptor, "--", inside_launcher, "inside"};
  for (size_t i = 0; i < sizeof head / sizeof *head; i++) line[n++] = (char *)head[i];
  const struct {
    const char *name;
    unsigned long long value;
  } limits[] = {
      {"--processor-ms", run->processor_ms},
      {"--clock-ms", run->clock_ms},
      {"--call-processor-ms", run->call_processor_ms},
      {"--call-clock-ms", run->call_clock_ms},
      {"--address-space", run->address_space},
      {"--memory", run->memory},
      {"--processes", run->processes},
      {"--file-size", run->file_size},
      {"--open-files", run->open_files},
  };
  for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
    if (!limits[i].value) continue;
    line[n++] = (char *)limits[i].name;
    if (asprintf(&line[n++], "%llu", limits[i].value) < 0) fault("out of memory");
  }
  if (run->answers) {
    line[n++] = "--answers";
    line[n++] = "/";
  }
  if (run->clock_alone) line[n++] = "--clock-alone";
  if (run->makes_files) line[n++] = "--makes-files";
  line[n++] = "--folder";
  line[n++] = (char *)run->folder;
  for (size_t i = 0; i < run->environment_count; i++) {
    line[n++] = "--environment";
    line[n++] = run->environment[i];
  }
  line[n++] = "--";
  for (size_t i = 0; i < words; i++) line[n++] = run->program[i];
  return line;
}

void enter_jail(const struct run *run) {
  // The launcher itself, and the program where it has come by its descriptor.
  size_t count = run->mount_count + (run->executable ? 2 : 1);
  struct mount *mounts = calloc(count, sizeof *mounts);
  char *self = realpath("/proc/self/exe", NULL);
  if (!mounts || !self) fault("cannot find the launcher itself: %m");
  if (run->mount_count) memcpy(mounts, run->mounts, run->mount_count * sizeof *mounts);
  mounts[run->mount_count] = (struct mount){COPY, self, inside_launcher};
  copy_files(mounts, run->mount_count + 1);
  if (run->executable) {
    char *number;
    if (asprintf(&number, "%d", PROGRAM) < 0) fault("out of memory");
    mounts[run->mount_count + 1] = (struct mount){COPY, number, run->program[0]};
  }
  if (run->user) share_with(run->user, mounts, count);
  drop_privileges(run);

  int descriptor = memfd_create("options", 0);
  options = descriptor < 0 ? NULL : fdopen(descriptor, "w");
  if (!options) fault("cannot make a file for bubblewrap's options: %m");
  write_options(run, mounts, count);
  if (lseek(descriptor, 0, SEEK_SET)) fault("cannot read back bubblewrap's options: %m");
  char number[16];
  snprintf(number, sizeof number, "%d", descriptor);
  char *nothing[] = {NULL};
  execve(run->bubblewrap, command(run, number), nothing);
  fault("cannot start bubblewrap at '%s': %m; install the package bubblewrap", run->bubblewrap);
}
