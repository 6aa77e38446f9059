"""The word lists that content and layouts are drawn from, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

_FOLDER = Path(__file__).parent / "data"


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _under(table: str, path: str) -> object:
    node: object = _table(table)
    for key in path.split("/"):
        if not isinstance(node, dict):
            raise TypeError(f"{table}: {path} leads nowhere")
        node = node[key]
    return node


def _list(table: str, path: str) -> list[Any]:
    found = _under(table, path)
    if not isinstance(found, list):
        raise TypeError(f"{table}: {path} is no list")
    return found


def words(table: str, path: str) -> list[str]:
    """A list of wordings; ``path`` has slashes between its keys."""
    return [str(item) for item in _list(table, path)]


def groups(table: str, path: str) -> list[list[str]]:
    """A list of lists of wordings that belong together."""
    return [[str(item) for item in group] for group in _list(table, path)]


def rows(table: str, path: str) -> list[dict[str, Any]]:
    """A list of tables."""
    return [dict(row) for row in _list(table, path)]


def keys(table: str, path: str) -> list[str]:
    """The names under a path."""
    found = _under(table, path)
    if not isinstance(found, dict):
        raise TypeError(f"{table}: {path} has no names")
    return [str(key) for key in found]


def text(table: str, path: str) -> str:
    """One wording."""
    return str(_under(table, path))


def pick(rng: Random, table: str, path: str) -> str:
    """One wording of a list, at random."""
    return rng.choice(words(table, path))


def label(rng: Random, field: str, sectioned: bool) -> str:
    """A label for ``field``: one that says whose it is, or, in a titled section, perhaps a short one."""
    section, name = field.split(".")
    kind = "short" if sectioned and rng.random() < 0.7 else "own"
    return pick(rng, "labels", f"{section}/{name}/{kind}")
