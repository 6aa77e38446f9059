from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from intake.cli import settings_as_toml
from intake.settings import Settings, load_settings
from models.errors import ConfigurationError


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PAR_CONFIG", raising=False)


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("par-intake.toml").write_text("port = 1\nmax_pages = 1\nmax_pixels = 1\n")
    monkeypatch.setenv("PAR_PORT", "2")
    monkeypatch.setenv("PAR_MAX_PAGES", "2")
    settings = load_settings({"port": 3, "max_pages": None})
    assert (settings.port, settings.max_pages, settings.max_pixels) == (3, 2, 1)


def test_an_unknown_key_in_the_file_is_an_error() -> None:
    Path("par-intake.toml").write_text("inbocks = 'x'\n")
    with pytest.raises(ConfigurationError, match="inbocks"):
        load_settings()


def test_an_unknown_name_in_the_environment_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAR_INBOCKS", "x")
    with pytest.raises(ConfigurationError, match="PAR_INBOCKS"):
        load_settings()


@pytest.mark.parametrize("text", ["port = 70000", "time_zone = 'Mars/Olympus'", "workers = 0", "port = ", "max_pages = 'many'"])
def test_a_wrong_value_is_an_error(text: str) -> None:
    Path("par-intake.toml").write_text(text)
    with pytest.raises(ConfigurationError):
        load_settings()


def test_a_file_that_is_named_and_missing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAR_CONFIG", "gone.toml")
    with pytest.raises(ConfigurationError, match="PAR_CONFIG"):
        load_settings()


def test_an_empty_text_means_that_an_optional_setting_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAR_SECOND_ENGINE", "")
    assert load_settings().second_engine is None


def test_what_config_prints_is_a_settings_file_that_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAR_PORT", "1234")
    monkeypatch.setenv("PAR_POLICY", 'a "plan".yaml')
    settings = load_settings()
    printed = settings_as_toml(settings)
    monkeypatch.delenv("PAR_PORT")
    monkeypatch.delenv("PAR_POLICY")
    Path("par-intake.toml").write_text(printed)
    assert load_settings() == settings
    assert set(Settings.model_fields) >= set(tomllib.loads(printed))


def test_every_setting_says_what_it_does() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_settings_do_not_change_once_read() -> None:
    with pytest.raises(ValidationError):
        load_settings().port = 1  # type: ignore[misc]
