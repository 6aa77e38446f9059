from __future__ import annotations

import stat
from pathlib import Path

import pytest

from intake.executor import executor_id_of
from intake.folders import Folders, locked
from intake.settings import Settings
from models.errors import ConfigurationError


def _folders(root: Path, inbox: str, outbox: str, data: str) -> Folders:
    return Folders.of(Settings(inbox=root / inbox, outbox=root / outbox, data=root / data), "w1")


@pytest.mark.parametrize(
    ("inbox", "outbox", "data"), [("a", "a", "b"), ("a", "a/b", "c"), ("a", "b", "a/c"), ("a/b", "c", "a"), ("a", "link", "b")]
)
def test_folders_that_overlap_are_refused(inbox: str, outbox: str, data: str, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with pytest.raises(ConfigurationError):
        _folders(tmp_path, inbox, outbox, data).prepare()


def test_a_folder_that_holds_the_program_is_refused(tmp_path: Path) -> None:
    program = Path(str(__import__("intake").__file__)).parent
    for folder in (program, program.parent, program / "inbox"):
        with pytest.raises(ConfigurationError, match="program"):
            _folders(tmp_path, str(folder), "b", "c").prepare()


def test_what_is_ours_is_closed_to_others_even_where_it_was_open(tmp_path: Path) -> None:
    (tmp_path / "c").mkdir(mode=0o755)
    folders = _folders(tmp_path, "a", "b", "c")
    folders.prepare()
    for folder in (folders.data, folders.work, folders.done, folders.failed, folders.claim):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    with locked(tmp_path, "inbox"), pytest.raises(ConfigurationError, match="inbox"), locked(tmp_path, "inbox"):
        pass
    with locked(tmp_path, "inbox"):
        pass


def test_a_worker_has_the_same_name_at_every_start_and_one_that_fits_a_folder() -> None:
    assert executor_id_of(Settings()) == "local"
    named = Settings(database_url="postgresql://x/y", worker_name="../a b")
    assert executor_id_of(named) == executor_id_of(named) == "-a-b"
