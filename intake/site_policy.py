"""The completeness policy that the settings name."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from intake.settings import Settings
from validation.policies import Policy, completeness_policy, read_policy


def policy_of(settings: Settings) -> Policy:
    """The site's policy; the default one where it names none.

    Raises:
        ConfigurationError: the file cannot be read or is no policy.
    """
    return _policy(settings.policy)


@lru_cache(maxsize=4)
def _policy(path: Path | None) -> Policy:
    return completeness_policy() if path is None else read_policy(path)
