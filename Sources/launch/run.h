// What one run is: the command line of `launch` as a value, and the descriptors its processes agree on.

#ifndef RUN_H
#define RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// Descriptors from 0 to 2 are the program's own streams.
enum {
  ANSWERS = 3,        // the program's answers, where it gets any
  STATUS = 4,         // where we say what became of it; out of the program's reach
  LEASH = 5,          // end of file here means: end the run now
  PROGRAM = 6,        // the program, where it is started by its descriptor
  USER = 7,           // the lock on the run's user; also held by the supervisor, so that it lasts as long as the run
  FIRST_UNUSED = 8,
};

enum stage {
  NAMESPACES,         // outside: set up bubblewrap, which starts the stage INSIDE
  LIMITS,             // outside: limits and filter alone
  INSIDE,             // inside bubblewrap: process 1 of its namespace
};

enum mount_kind { READ_ONLY, WRITABLE, SCRATCH, LINK, COPY };

struct mount {
  enum mount_kind kind;
  const char *source;  // a path of the host; the target of a link; the size of a scratch folder; a copy's descriptor
  const char *inside;
};

struct run {
  enum stage stage;
  const char *bubblewrap;
  const char *status;
  const char *answers;  // NULL: none wanted. Inside, where the file is already open, any text
  struct mount *mounts;
  size_t mount_count;
  const char *folder;   // where the program starts
  const char *executable;  // the program by a path of its own, outside only; NULL: by the name that the inside knows
  const char *work;     // a folder of ours that only the run's user may enter besides us, outside only; NULL: none
  uid_t first_user, last_user;  // who a run of root's may be; outside only
  uid_t user;           // who it is; also the number of its group. 0: whoever started us
  bool makes_files;     // whether it is a compiler or a linker, which writes files
  bool has_nested_limit, has_sized_scratch;  // what this bubblewrap can do
  char **environment;
  size_t environment_count;
  unsigned long long processor_ms, clock_ms, address_space, memory, processes, file_size, open_files;
  unsigned long long folder_bytes, folder_files;  // of all writable folders together, outside only; 0: no bound
  // For each child of the program in its turn, where the program makes each call in a process of its own; 0: no bound.
  unsigned long long call_processor_ms, call_clock_ms;
  bool clock_alone;     // whether the clock runs also while the run waits for a processor, as where none can tell
  bool grouped;         // whether a control group is wanted, outside only
  pid_t parent;         // who started us, where that was said; outside only
  char **program;       // path and arguments, ends with NULL
};

// Reads the whole command line or ends the process with a line on standard error.
struct run parse(int count, char **words);

// Outside: starts what the stage asks for, ends it when told to, and waits for it. Returns the exit code.
int keep(struct run *run);

// Outside, as root: picks a user for the run that nobody else has, and keeps it locked.
void choose_user(struct run *run);

// Outside, as root: lets the run's user into the folders that are meant for it.
void hand_over(const struct run *run);

// Outside, as root: closes the work folder again, when no process of the run is left.
void take_back(const struct run *run);

// Outside, in a process of its own: becomes bubblewrap. Returns only by `fault`.
_Noreturn void enter_jail(const struct run *run);

// Becomes the run's user for good, where there is one.
void drop_privileges(const struct run *run);

// Starts the program under its limits, waits, leaves no process behind and writes the status.
_Noreturn void supervise(const struct run *run);

// Refuses the system calls that a run has no use for. Returns 0 or a negative errno.
int refuse_system_calls(const struct run *run);

// Ends all descendants of this process, which takes over orphans; comes back when none is left.
void end_descendants(void);

// Sets every limit. Returns NULL or the name of the one that could not be set, with errno.
const char *set_limits(const struct run *run);

// Inside, as the program: tries what must be refused and prints what came of it. Returns the exit code.
int attempt(const char *what);

// What a run has used so far, in microseconds and bytes.
struct usage {
  unsigned long long memory;  // of all processes together, now
  long long processor;        // all threads and processes, also those that have ended
  long long clock;            // since the first look, without the waiting for a processor
  long long slept;            // how much of the clock no thread could have run, at least
  pid_t call;                 // the program's child; 0: it has none
  long long call_processor;   // what that child has used itself
};

// Looks at every process of the run.
void look(const struct run *run, pid_t program, struct usage *usage);

// Whether the kernel tells how long a thread waited for a processor.
bool counts_waiting(const struct run *run);

// Microseconds of a clock that only goes forward.
long long now_us(void);

// Outside: makes a control group for the run, if that is possible here; says so in the status.
void make_group(const struct run *run);

// The group to start the run in, or -1 where it has to join by itself.
int group_descriptor(void);

// In the run's first process, before it gives up its powers: enters the group.
void join_group(void);

// Whether the kernel ended a process of the group because of the group's own bound on memory.
bool group_ran_out(void);

// Outside: whether the run has put more into the folders that it may write than it is given.
bool folders_are_full(const struct run *run);

// Removes the group; nobody may be in it any more.
void remove_group(void);

// Outside: removes what is named on standard input when that ends. Returns the exit code.
int guard(void);

// Writes one line to the status.
void report(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Says in the status what we could not do, and ends the process: our fault, not the program's.
_Noreturn void fault(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
