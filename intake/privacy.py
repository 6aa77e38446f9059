"""What every command does before anything else, so that nothing of a form is left where others can read it."""

from __future__ import annotations

import os
import resource

_OURS_ALONE = 0o077
# One byte, not none: a dump that is piped to a program is written whole at a limit of 0, and not begun at 1 (do_coredump).
_NO_DUMP = 1

# Read by onnxruntime when it is loaded; without it, its wheel notes its use in the home folder and sends that to its maker.
_NO_REPORTS = {"ORT_DISABLE_TELEMETRY": "1"}


def close_to_others() -> None:
    """New files are open to their owner alone, no crash dumps memory, no library reports home: here and in what is started."""
    os.umask(_OURS_ALONE)
    os.environ.update(_NO_REPORTS)
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    limit = _NO_DUMP if hard == resource.RLIM_INFINITY else min(hard, _NO_DUMP)
    resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
