// The system calls that a run may make; every other one does not exist for it.
//
// Found by watching model solutions, crashes with their reports, Foundation, Dispatch, tasks and threads, and the
// compiler and the linker at work (strace), and then by going through what is left of the kernel's table by hand. What
// is not listed is answered with "no such call" (ENOSYS), as by an older kernel, so that a library falls back to an
// older way. That goes for calls younger than this list as well.

#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// Whatever their arguments. Left out on purpose, though programs use them now and then:
// - locks on files (flock, fcntl), leases and watches (inotify, fanotify): they cross from one jail to another, and to
//   the host, by way of a library that both read;
// - sync, syncfs, fsync: the whole machine waits for them;
// - io_setup, io_uring_setup, mlock, mq_open, shmget, memfd_create, pipes made larger: memory and tables that are
//   counted for the whole machine, for a user, or not at all;
// - fadvise64, preadv2, mincore: what of a shared file is in memory can be changed, and be seen without a clock;
// - statfs: the free room of a disk that runs share can be read and changed;
// - socket: the network, and kinds of socket that no namespace keeps apart (AF_VSOCK); ptrace, process_vm_*, pidfd_*,
//   kill, tkill, rt_sigqueueinfo: other processes; setns, unshare, mount and its kin; keyctl; bpf, perf_event_open,
//   userfaultfd: corners of the kernel with a history of holes;
// - setsockopt, which can attach programs to a socket; sched_setaffinity, sched_setscheduler, ioprio_set, which reach
//   other processes of a user.
static const char *const everywhere[] = {
    // Reading files and folders; `open` and `openat` for reading only, see below.
    "open", "openat", "close", "close_range", "read", "readv", "pread64", "preadv", "lseek", "_llseek", "stat",
    "lstat", "fstat", "newfstatat", "fstatat64", "stat64", "lstat64", "fstat64", "statx", "access", "faccessat",
    "faccessat2", "readlink", "readlinkat", "getdents", "getdents64", "getcwd", "chdir", "fchdir",
    // Writing to what is open: the streams and the answers.
    "write", "writev", "pwrite64", "pwritev", "ftruncate", "dup", "dup2", "dup3", "umask",
    // Waiting for descriptors, and descriptors that reach nobody else.
    "poll", "ppoll", "select", "_newselect", "pselect6", "epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait",
    "epoll_pwait", "eventfd", "eventfd2", "timerfd_create", "timerfd_settime", "timerfd_gettime", "signalfd",
    "signalfd4", "pipe", "pipe2", "sendto", "recvfrom", "sendmsg", "recvmsg", "getsockopt", "getsockname", "getpeername",
    "shutdown",
    // Memory.
    "brk", "mmap", "mmap2", "munmap", "mremap", "mprotect", "madvise", "membarrier",
    // Processes and threads.
    "fork", "vfork", "execve", "execveat", "exit", "exit_group", "wait4", "waitid", "set_tid_address",
    "set_robust_list", "get_robust_list", "rseq", "arch_prctl", "sched_yield", "sched_getaffinity",
    "sched_getparam", "sched_getscheduler", "sched_get_priority_max", "sched_get_priority_min", "getpriority", "gettid",
    "getpid", "getppid", "getpgid", "getpgrp", "getsid", "setpgid", "setsid", "getcpu",
    // Signals to itself, and timers.
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigsuspend", "rt_sigpending", "rt_sigtimedwait",
    "sigaltstack", "sigreturn", "restart_syscall", "pause", "alarm", "getitimer", "setitimer", "timer_create",
    "timer_settime", "timer_gettime", "timer_getoverrun", "timer_delete",
    // Clocks.
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "times", "getrusage",
    // Who and where it is, chance.
    "getuid", "geteuid", "getgid", "getegid", "getresuid", "getresgid", "getgroups", "uname", "sysinfo", "getrandom",
    "getrlimit", "ugetrlimit", "setrlimit",
};

// The compiler and the linker make files in their folder.
static const char *const making_files[] = {
    "creat", "mkdir", "mkdirat", "rmdir", "rename", "renameat", "renameat2", "unlink", "unlinkat", "link", "linkat",
    "symlink", "symlinkat", "chmod", "fchmod", "fchmodat", "truncate", "fallocate", "utimensat", "copy_file_range",
    "sendfile", "statfs", "fstatfs",
};

// Allowed with one of these values as the argument of that number.
struct choice {
  const char *call;
  unsigned argument;
  unsigned long long value;
};

static const struct choice choices[] = {
    // A pair of connected sockets reaches nobody.
    {"socketpair", 0, AF_UNIX},
    // Its own limits; those of another process of its user are none of its business.
    {"prlimit64", 0, 0},
    {"prctl", 0, PR_SET_NAME}, {"prctl", 0, PR_GET_NAME}, {"prctl", 0, PR_SET_PDEATHSIG},
    {"prctl", 0, PR_GET_PDEATHSIG}, {"prctl", 0, PR_GET_DUMPABLE}, {"prctl", 0, PR_GET_SECCOMP},
    {"prctl", 0, PR_GET_NO_NEW_PRIVS}, {"prctl", 0, 0x53564d41 /* PR_SET_VMA, names memory */},
    {"fcntl", 1, F_DUPFD}, {"fcntl", 1, F_DUPFD_CLOEXEC}, {"fcntl", 1, F_GETFD}, {"fcntl", 1, F_SETFD},
    {"fcntl", 1, F_GETFL}, {"fcntl", 1, F_SETFL}, {"fcntl", 1, F_GETPIPE_SZ},
    {"fcntl64", 1, F_DUPFD}, {"fcntl64", 1, F_DUPFD_CLOEXEC}, {"fcntl64", 1, F_GETFD}, {"fcntl64", 1, F_SETFD},
    {"fcntl64", 1, F_GETFL}, {"fcntl64", 1, F_SETFL},
    // Waiting for the end of a thread. What else is not private could be a place in a library that another jail has.
    {"futex", 1, FUTEX_WAIT}, {"futex", 1, FUTEX_WAIT_BITSET}, {"futex", 1, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME},
    {"ioctl", 1, TCGETS}, {"ioctl", 1, TIOCGWINSZ}, {"ioctl", 1, FIONREAD}, {"ioctl", 1, FIONBIO},
    {"ioctl", 1, FIOCLEX}, {"ioctl", 1, FIONCLEX},
};

enum {
  NEW_NAMESPACES = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |
                   CLONE_NEWNET,
};

#define COUNT(list) (sizeof list / sizeof *list)

// A call that this machine or this library does not know cannot be made.
static int allow(scmp_filter_ctx filter, const char *name, unsigned count, struct scmp_arg_cmp *arguments) {
  int call = seccomp_syscall_resolve_name(name);
  if (call < 0) return 0;
  return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, count, arguments);
}

static int allow_list(scmp_filter_ctx filter, const char *const *names, size_t count) {
  for (size_t i = 0; i < count; i++) {
    int result = allow(filter, names[i], 0, NULL);
    if (result) return result;
  }
  return 0;
}

static int fill(scmp_filter_ctx filter, const struct run *run) {
  int result = allow_list(filter, everywhere, COUNT(everywhere));
  if (!result && run->makes_files) result = allow_list(filter, making_files, COUNT(making_files));
  for (size_t i = 0; i < COUNT(choices) && !result; i++) {
    // The kernel takes a command for an `int` and does not look at the upper half.
    struct scmp_arg_cmp is = SCMP_CMP(choices[i].argument, SCMP_CMP_MASKED_EQ, 0xffffffff, choices[i].value);
    result = allow(filter, choices[i].call, 1, &is);
  }
  if (!result) {
    struct scmp_arg_cmp no_namespace = SCMP_A0(SCMP_CMP_MASKED_EQ, NEW_NAMESPACES, 0);
    result = allow(filter, "clone", 1, &no_namespace);
  }
  if (!result) {
    // How Dispatch sets the priority of its threads: each its own.
    struct scmp_arg_cmp own[] = {SCMP_A0(SCMP_CMP_EQ, PRIO_PROCESS), SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, 0)};
    result = allow(filter, "setpriority", COUNT(own), own);
  }
  if (!result) {
    struct scmp_arg_cmp private = SCMP_A1(SCMP_CMP_MASKED_EQ, FUTEX_PRIVATE_FLAG, FUTEX_PRIVATE_FLAG);
    result = allow(filter, "futex", 1, &private);
  }
  // A signal to itself is how a program aborts; one to anybody else has no use here.
  struct scmp_arg_cmp own = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid());
  if (!result) result = allow(filter, "kill", 1, &own);
  // `abort` signals its own thread. Each call of a submission has a process of its own, which this filter cannot know
  // by number, so a namespace leaves this to its own walls.
  if (!result) result = allow(filter, "tgkill", run->stage == INSIDE ? 0 : 1, &own);
  return result;
}

// Files are opened for reading only. In a jail nothing could be written anyway; without namespaces this is what keeps a
// submission from its user's files.
static int refuse_open_for_writing(void) {
  enum { WRITING = O_ACCMODE | O_CREAT | O_TRUNC };
  const unsigned flags_of_open = offsetof(struct seccomp_data, args[1]);
  const unsigned flags_of_openat = offsetof(struct seccomp_data, args[2]);
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 2, 0),
#ifdef SYS_open
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_open, 3, 0),
#else
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
#endif
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, flags_of_openat),
      BPF_JUMP(BPF_JMP | BPF_JA, 1, 0, 0),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, flags_of_open),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WRITING, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EROFS),
  };
  struct sock_fprog program = {.len = COUNT(code), .filter = code};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) ? -errno : 0;
}

int refuse_system_calls(const struct run *run) {
  // Calls of another architecture, such as the 32-bit ones, end the process (libseccomp's own rule).
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
  if (!filter) return -ENOMEM;
  int result = fill(filter, run);
  // A search tree in place of a long chain; an older library only has the chain.
  (void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
  // First, because no further filter can be loaded through the next one.
  if (!result && !run->makes_files) result = refuse_open_for_writing();
  // Loading also sets no_new_privs, so that no program started from here can gain a right.
  if (!result) result = seccomp_load(filter);
  seccomp_release(filter);
  return result;
}
