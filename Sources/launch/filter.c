// The system calls that a submission is refused.
//
// What stays allowed is decided by Swift: its crash report starts a process of its own and talks to it over a
// socketpair. What is refused reaches the network, other processes, the kernel's rarer corners, or memory that no
// limit counts.

#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

static const char *const refused[] = {
    // The network; a pair of connected sockets (socketpair) reaches nobody.
    "socket", "socketcall", "bind", "connect", "listen", "accept", "accept4",
    // Other processes.
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "kcmp", "pidfd_getfd",
    "pidfd_open", "pidfd_send_signal", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "migrate_pages", "move_pages",
    // Namespaces and mounts.
    "unshare", "setns", "mount", "umount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen",
    "fsconfig", "fsmount", "fspick", "mount_setattr", "name_to_handle_at", "open_by_handle_at",
    // Memory outside every limit: shared segments, message queues, anonymous files, keys.
    "shmget", "shmat", "shmctl", "semget", "semop", "semtimedop", "semctl", "msgget", "msgsnd", "msgrcv", "msgctl",
    "ipc", "mq_open", "memfd_create", "memfd_secret", "keyctl", "add_key", "request_key",
    // Parts of the kernel that have no business here and a history of holes.
    "bpf", "perf_event_open", "userfaultfd", "fanotify_init", "personality", "modify_ldt", "vmsplice", "lookup_dcookie",
    "uselib", "ustat", "sysfs", "nfsservctl",
    // The machine itself.
    "acct", "quotactl", "quotactl_fd", "swapon", "swapoff", "reboot", "kexec_load", "kexec_file_load", "init_module",
    "finit_module", "delete_module", "iopl", "ioperm", "syslog", "settimeofday", "clock_settime", "clock_adjtime",
    "adjtimex", "sethostname", "setdomainname", "vhangup",
};

// Called as missing, so that a C library falls back to what can be judged by its arguments.
static const char *const absent[] = {"clone3", "io_uring_setup", "io_uring_enter", "io_uring_register"};

static const unsigned long namespaces[] = {CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
                                           CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET};

static const unsigned long terminal_input[] = {TIOCSTI, TIOCLINUX};

#define COUNT(list) (sizeof list / sizeof *list)

static int add(scmp_filter_ctx filter, int error, const char *name) {
  int call = seccomp_syscall_resolve_name(name);
  // This machine has no such call, so nobody can make it.
  if (call == __NR_SCMP_ERROR) return 0;
  int result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(error), call, 0);
  return result == -EDOM ? 0 : result;
}

static int fill(scmp_filter_ctx filter, bool in_namespace) {
  int result = 0;
  for (size_t i = 0; i < COUNT(refused) && !result; i++) result = add(filter, EPERM, refused[i]);
  for (size_t i = 0; i < COUNT(absent) && !result; i++) result = add(filter, ENOSYS, absent[i]);
  for (size_t i = 0; i < COUNT(namespaces) && !result; i++) {
    result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                              SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces[i], namespaces[i]));
  }
  for (size_t i = 0; i < COUNT(terminal_input) && !result; i++) {
    result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
                              SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, terminal_input[i]));
  }
  // A signal to itself is how a program aborts; one to anybody else has no use here.
  pid_t own = getpid();
  if (!result) {
    result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(kill), 1, SCMP_A0(SCMP_CMP_NE, own, 0));
  }
  // `abort` signals its own thread. Each call of a submission has a process of its own, which this filter cannot know
  // by number, so a namespace leaves this to its own walls.
  if (!result && !in_namespace) {
    result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_NE, own, 0));
  }
  return result;
}

// Calls that came after the lists above were written, and may do anything; libseccomp need not know their names.
// Programs take "no such call" for an older kernel. From here on all architectures count alike.
enum { FIRST_UNKNOWN_CALL = 442 };

static int refuse_unknown_calls(void) {
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, FIRST_UNKNOWN_CALL, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) ? -errno : 0;
}

int refuse_system_calls(bool in_namespace) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (!filter) return -ENOMEM;
  int result = fill(filter, in_namespace);
  // Loading also sets no_new_privs, so that no program started from here can gain a right.
  if (!result) result = seccomp_load(filter);
  seccomp_release(filter);
  return result ? result : refuse_unknown_calls();
}
