// The tests of the sandbox measure time and count processes, so they take turns.

import Testing

@Suite(.serialized) struct SandboxTests {}
