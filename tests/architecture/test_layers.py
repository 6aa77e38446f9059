"""Imports only go down, siblings do not know each other, and nothing goes round in a circle.

Imports inside a function and those for type checking count like any other.
"""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import pytest

from tests.architecture.source_tree import PACKAGES, imported_names, module_names, modules

STAGES = {"ocr", "extraction", "matching", "roster", "validation", "letters", "delivery"}
MAY_IMPORT = {
    "models": set[str](),
    **{stage: {"models"} for stage in STAGES},
    "review": {"validation", "models"},
    "intake": {"review", "models", *STAGES},
}


def test_every_package_has_its_place_among_the_layers() -> None:
    assert set(PACKAGES) <= set(MAY_IMPORT)


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_only_go_down(package: str) -> None:
    ours = set(MAY_IMPORT) | {"tests", "benchmarks"}
    upward = [
        f"{module.where(node)} imports {name}"
        for module in modules()
        if module.package == package
        for name, node in imported_names(module)
        if (top := name.partition(".")[0]) in ours and top not in MAY_IMPORT[package] | {package}
    ]
    assert not upward


def test_no_import_goes_round_in_a_circle() -> None:
    graph = {
        module.name: {name for name, _ in imported_names(module) if name in module_names()} - {module.name} for module in modules()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


def test_no_module_imports_a_private_name_of_another_package() -> None:
    private = [
        f"{module.where(node)} imports {name}"
        for module in modules()
        for name, node in imported_names(module)
        if name.partition(".")[0] in PACKAGES
        and name.partition(".")[0] != module.package
        and any(part.startswith("_") for part in name.split("."))
    ]
    assert not private
