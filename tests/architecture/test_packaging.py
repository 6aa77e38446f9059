"""The wheel holds everything that the packages need, and the lock holds everything that the wheel needs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.architecture.source_tree import PACKAGES, ROOT, imported_names, modules

LOCKS = ("requirements.lock", "requirements-dev.lock")
# A distribution's name is not always the name that is imported.
IMPORTED_AS = {
    "opencv-python-headless": "cv2",
    "pdfminer-six": "pdfminer",
    "pillow": "PIL",
    "pyyaml": "yaml",
}
# Needed without being imported by name, each with its reason.
NOT_IMPORTED = {
    "tzdata",  # zoneinfo reads it where the system has no time zones
}
# Imported by a module that a maintainer runs to renew data, and by nothing that runs at a site.
FOR_MAINTAINERS = {"simple_icd_10_cm"}


def project() -> dict[str, list[str]]:
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    def names(lines: list[str]) -> list[str]:
        return [re.split(r"[<>=!~;\[ ]", line, maxsplit=1)[0] for line in lines]

    return {
        "dependencies": names(content["project"]["dependencies"]),
        "extras": [name for lines in content["project"]["optional-dependencies"].values() for name in names(lines)],
        "packages": [p.rstrip("*") for p in content["tool"]["setuptools"]["packages"]["find"]["include"]],
    }


def test_every_package_is_named_for_the_wheel() -> None:
    assert sorted(project()["packages"]) == list(PACKAGES)


def test_every_import_is_a_declared_dependency_and_the_other_way_round() -> None:
    imported = {name.partition(".")[0] for module in modules() for name, _ in imported_names(module)}
    third_party = imported - sys.stdlib_module_names - set(PACKAGES) - {"__future__"} - FOR_MAINTAINERS
    named = project()["dependencies"] + project()["extras"]
    declared = {IMPORTED_AS.get(name, name.replace("-", "_")) for name in named if name not in NOT_IMPORTED}
    assert third_party == declared


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_holds_every_dependency_and_one_opencv(lock: str) -> None:
    locked = set(re.findall(r"^([\w-]+)==", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert set(project()["dependencies"]) <= locked
    assert {name for name in locked if name.startswith("opencv")} == {"opencv-python-headless"}


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_names_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^--(?!hash)", text, flags=re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_its_hash(lock: str) -> None:
    entries = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    assert all("--hash=sha256:" in entry for entry in entries if "==" in entry)


@pytest.fixture(scope="module")
def unpacked_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    tree = folder / "tree"
    tree.mkdir()
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    build = "import sys, setuptools.build_meta as backend; backend.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, str(folder)], cwd=tree, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def test_the_wheel_holds_every_file_of_every_package(unpacked_wheel: Path) -> None:
    def files(root: Path) -> set[str]:
        return {
            str(path.relative_to(root))
            for package in PACKAGES
            for path in (root / package).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }

    assert files(unpacked_wheel) == files(ROOT)


def test_the_wheel_holds_its_licence(unpacked_wheel: Path) -> None:
    assert len(list(unpacked_wheel.glob("par_intake-*.dist-info/licenses/LICENSE"))) == 1


def test_the_wheel_reads_a_document_far_from_the_source_tree(unpacked_wheel: Path, tmp_path: Path) -> None:
    sample = ROOT / "tests" / "faxes" / "samples" / "digital-001.pdf"
    environment = {**os.environ, "PYTHONPATH": str(unpacked_wheel)}
    done = subprocess.run(
        [sys.executable, "-m", "intake.cli", "process", str(sample)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["request"]["kind"] == "new"


def test_what_is_imported_there_is_the_wheel(unpacked_wheel: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked_wheel)}
    told = subprocess.run(
        [sys.executable, "-c", "import intake; print(intake.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=True,
    )
    assert Path(told.stdout.decode().strip()) == unpacked_wheel / "intake" / "__init__.py"
