// launch: starts one program that nobody vouches for, under limits, and says what became of it.
//
//   launch namespaces|limits --status FILE [OPTION…] -- PROGRAM [ARGUMENT…]
//   launch attempt [forever|hoard]
//   launch guard
//
// The second form runs inside, for `unroll doctor`: attempt.c. The third removes what a killed `unroll` leaves: guard.c.
//
// Made for `unroll`, which writes the command line; options.c lists the options. Exit code: 0 when the status says
// how the program ended, 64 for a command line it cannot read, 70 for a fault of the isolation.

#include "run.h"

#include <string.h>
#include <unistd.h>

int main(int count, char **words) {
  if (count >= 2 && !strcmp(words[1], "attempt")) {
    return attempt(count == 3 ? words[2] : "");
  }
  if (count == 2 && !strcmp(words[1], "guard")) return guard();
  struct run run = parse(count, words);
  if (run.stage == INSIDE) supervise(&run);
  return keep(&run);
}
