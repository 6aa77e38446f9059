"""The documentation names everything there is: settings, commands, rules, policies, error codes, files."""

from __future__ import annotations

import ast
import inspect
import json
import re
from pathlib import Path

import pytest
import typer.main

from intake import cli
from intake.settings import Settings
from models import errors
from models.errors import DocumentError, IntakeError
from tests.architecture.source_tree import ROOT, modules
from validation.policies import completeness_policies, deadline_sets
from validation.rules import all_rules

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "inbox" / "README.md"])


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_every_setting_stands_in_its_page_with_its_default() -> None:
    rows = [f"| `{name}` | {_written(field.default)} | {field.description} |" for name, field in Settings.model_fields.items()]
    missing = [row for row in rows if row not in page("settings.md")]
    assert not missing


def _written(value: object) -> str:
    if value is None:
        return "not set"
    return f"`{json.dumps(str(value) if isinstance(value, Path) else value)}`"


def test_no_page_tells_of_a_setting_that_is_gone() -> None:
    told = re.findall(r"^\| `(\w+)` \|", page("settings.md"), flags=re.MULTILINE)
    assert set(told) == set(Settings.model_fields)


def commands() -> list[str]:
    return sorted(getattr(typer.main.get_command(cli.app), "commands", {}))


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"par-intake {command}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", [found.id for found in all_rules()])
def test_every_rule_is_told(rule: str) -> None:
    assert f"| `{rule}` |" in page("policies.md")


@pytest.mark.parametrize("field", [field.field for policy in completeness_policies() for field in policy.fields])
def test_every_field_of_a_policy_is_told(field: str) -> None:
    assert f"`{field}`" in page("policies.md")


@pytest.mark.parametrize("rule", [rule for rules in deadline_sets() for rule in rules.rules], ids=lambda rule: rule.id)
def test_every_deadline_is_told_with_its_source(rule: object) -> None:
    (row,) = [line for line in page("deadlines.md").splitlines() if line.startswith(f"| `{getattr(rule, 'id', '')}` |")]
    assert getattr(rule, "source", "") in row


def error_classes() -> list[type[IntakeError]]:
    found = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, IntakeError)]
    return [kind for kind in found if kind not in (IntakeError, DocumentError)]


@pytest.mark.parametrize("kind", error_classes())
def test_every_error_is_told_with_its_next_step(kind: type[IntakeError]) -> None:
    (row,) = [line for line in page("troubleshooting.md").splitlines() if line.startswith(f"| `{kind.code}` |")]
    assert kind.next_step in row


def page_problem_codes() -> list[str]:
    """The codes that the source writes out; an engine's failure becomes its page's problem."""
    position = {"PageProblem": 1, "EngineFailed": 0}
    found = {
        argument.value
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in position
        for argument in node.args[position[node.func.id] :][:1]
        if isinstance(argument, ast.Constant)
    }
    return sorted(str(code) for code in found)


@pytest.mark.parametrize("code", page_problem_codes())
def test_every_page_problem_is_told(code: str) -> None:
    assert f"| `{code}` |" in page("troubleshooting.md")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!\w+:)([^)#]+)", path.read_text(encoding="utf-8"))
    assert not [link for link in links if not (path.parent / link).exists()]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_of_ours_that_is_named_exists(path: Path) -> None:
    named = re.findall(
        r"`((?:intake|ocr|extraction|validation|delivery|models|tests|tools|docs|benchmarks)/[\w./-]*)`",
        path.read_text(encoding="utf-8"),
    )
    assert not [name for name in named if not (ROOT / name).exists()]
