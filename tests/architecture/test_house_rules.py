"""What the linters cannot say about our source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source_tree import PACKAGES, ROOT, Module, modules

MOST_LINES_IN_A_FILE = 400
MOST_LINES_IN_A_FUNCTION = 60
BROAD = {"Exception", "BaseException"}
# Where a developer's own folders begin; a path under one of them works on one machine only.
SOMEBODYS_FOLDER = re.compile(r"(?<![\w.])/(home|Users|root)/\w")
TEXT = {".py", ".md", ".toml", ".yaml", ".json", ".txt", ".ini", ".sh", ".html", ".js", ".css", ""}


def every_module() -> list[pytest.ParameterSet]:
    return [pytest.param(module, id=module.name) for module in modules()]


@pytest.mark.parametrize("module", every_module())
def test_no_exception_is_caught_whatever_it_is(module: Module) -> None:
    assert not [module.where(node) for node in ast.walk(module.tree) if _catches_all(node)]


def _catches_all(node: ast.AST) -> bool:
    if isinstance(node, ast.ExceptHandler):
        return node.type is None or bool(set(_names(node.type)) & BROAD)
    if isinstance(node, ast.Call) and "suppress" in _names(node.func):
        return any(set(_names(argument)) & BROAD for argument in node.args)
    return False


def _names(node: ast.expr) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.Attribute):
            yield inner.attr


@pytest.mark.parametrize("module", every_module())
def test_a_file_can_be_read_in_one_sitting(module: Module) -> None:
    assert len(module.path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES_IN_A_FILE


@pytest.mark.parametrize("module", every_module())
def test_a_function_fits_on_a_screen(module: Module) -> None:
    long = [
        f"{module.where(node)} {node.name}"
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or node.lineno) - node.lineno + 1 > MOST_LINES_IN_A_FUNCTION
    ]
    assert not long


@pytest.mark.parametrize("module", every_module())
def test_a_dataclass_is_frozen_and_slotted(module: Module) -> None:
    loose = [
        f"{module.where(node)} {node.name}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        for decorator in node.decorator_list
        if "dataclass" in _names(decorator) and not _is_frozen_and_slotted(decorator)
    ]
    assert not loose


def _is_frozen_and_slotted(decorator: ast.expr) -> bool:
    if not isinstance(decorator, ast.Call):
        return False
    on = {keyword.arg for keyword in decorator.keywords if isinstance(keyword.value, ast.Constant) and keyword.value.value is True}
    return {"frozen", "slots"} <= on


def test_nothing_points_into_somebodys_own_folder() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in (*PACKAGES, "tests", "benchmarks", "docs", "tools")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.is_file() and path.suffix in TEXT and "__pycache__" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if SOMEBODYS_FOLDER.search(line)
    ]
    assert not found
