// The tests of the sandbox measure time and count processes, so they take turns.

import TestSupport
import Testing

@Suite(.serialized, .tier(.test), .timed) struct SandboxTests {}
