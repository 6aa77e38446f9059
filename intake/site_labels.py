"""The labels that this site has taught the reader: where their file lies, and what is in it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from intake.settings import Settings
from models.errors import ConfigurationError
from models.taught_labels import TaughtLabel, parse


def labels_file(settings: Settings) -> Path:
    """Where the labels lie."""
    return settings.labels or settings.data / "labels.yaml"


def labels_in(settings: Settings) -> tuple[TaughtLabel, ...]:
    """All labels that the site has taught; a file that was changed is read again.

    Raises:
        ConfigurationError: the file is there, and holds something else.
    """
    path = labels_file(settings)
    try:
        changed_ns = path.stat().st_mtime_ns
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read.") from error
    return _read(path, changed_ns)


@lru_cache(maxsize=4)
def _read(path: Path, changed_ns: int) -> tuple[TaughtLabel, ...]:
    del changed_ns  # only tells one state of the file from another
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read as taught labels.") from error
