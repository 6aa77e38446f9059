"""What a reading process may use up. A process that goes over a limit ends alone, and costs its document only."""

from __future__ import annotations

import contextlib
import os
import resource
from pathlib import Path

# The pixels of the largest page, as a program beside us may get them; everything else that is written is far smaller.
_MOST_FILE_BYTES = 1 << 30
# When the machine itself has no memory left, the kernel ends what reads before it ends the service or the database (0 to 1000).
_FIRST_TO_GO = "800"


def limit_process(memory_bytes: int) -> None:
    """Set what holds for the whole life of this process, and for the programs that it starts.

    Args:
        memory_bytes: address space that each process may have; a request for more fails.
    """
    # Before NumPy is imported: it would take twenty megabytes of address space for each core. What is read is spread by processes.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    _lower(resource.RLIMIT_AS, memory_bytes)
    _lower(resource.RLIMIT_FSIZE, _MOST_FILE_BYTES)
    with contextlib.suppress(OSError):  # a container may hide it; then the kernel chooses by size, which is us as well
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, encoding="ascii")


def limit_next_document(seconds: float) -> None:
    """Let this process use that much CPU time from now on; then the kernel ends it.

    The parent's clock is the limit that counts. This one holds where the parent is stopped, or too busy to look.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds) + 1)


def _lower(kind: int, limit: int) -> None:
    """Set the limit that can be raised again, as far as somebody else's limit lets us."""
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
