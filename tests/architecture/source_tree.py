"""Our source as syntax trees, and which of our modules each one imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = tuple(
    sorted(
        path.name
        for path in ROOT.iterdir()
        if (path / "__init__.py").is_file() and path.name not in ("tests", "benchmarks", "tools")
    )
)


@dataclass(frozen=True, slots=True)
class Module:
    """One module of ours. ``is_package``: the file is an ``__init__.py``."""

    name: str
    path: Path
    tree: ast.Module
    is_package: bool

    @property
    def package(self) -> str:
        """The top-level package."""
        return self.name.partition(".")[0]

    def where(self, node: ast.AST) -> str:
        """File and line, as a reader would look it up."""
        return f"{self.path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


@cache
def modules() -> tuple[Module, ...]:
    """All modules of our packages."""
    return tuple(_read(path) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))


@cache
def module_names() -> frozenset[str]:
    """The dotted names of all our modules."""
    return frozenset(module.name for module in modules())


def _read(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if is_package else parts)
    return Module(name, path, ast.parse(path.read_text(encoding="utf-8"), str(path)), is_package)


def imported_names(module: Module) -> Iterator[tuple[str, ast.AST]]:
    """Every dotted name that a module imports.

    Imports in a function, under TYPE_CHECKING and by name (``import_module``, ``find_spec``) count too.

    ``from a import b`` gives ``a.b`` where that is a module of ours, else ``a``.
    """
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(module, node)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield (inner if inner in module_names() else base), node
        elif isinstance(node, ast.Call) and _is_import_call(node.func):
            yield from ((text, node) for argument in node.args for text in _literal_text(argument))


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    kept = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _is_import_call(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in ("import_module", "__import__", "find_spec")


def _literal_text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
