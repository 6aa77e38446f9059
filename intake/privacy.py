"""What every command does before anything else, so that nothing of a form is left where others can read it."""

from __future__ import annotations

import os
import resource

_OURS_ALONE = 0o077
# One byte, not none: a dump that is piped to a program is written whole at a limit of 0, and not begun at 1 (do_coredump in Linux).
_NO_DUMP = 1


def close_to_others() -> None:
    """New files are open to their owner alone, and no crash of this process or of one that it starts dumps its memory."""
    os.umask(_OURS_ALONE)
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    limit = _NO_DUMP if hard == resource.RLIM_INFINITY else min(hard, _NO_DUMP)
    resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
