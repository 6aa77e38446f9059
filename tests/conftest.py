"""What holds for all tests."""

from __future__ import annotations

import signal

# Started in the background, a shell's children ignore SIGINT, and so would the commands that the tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
