from __future__ import annotations

from pathlib import Path

import pytest

from intake.preflight import check_settings
from intake.settings import Settings
from models.errors import ConfigurationError


def test_the_defaults_are_fit_to_start() -> None:
    check_settings(Settings())


@pytest.mark.parametrize("name", ["first_engine", "second_engine"])
def test_an_engine_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="no-such-engine"):
        check_settings(Settings.model_validate({name: "no-such-engine"}))


@pytest.mark.parametrize("name", ["policy", "procedure_codes"])
def test_a_file_that_cannot_be_read_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        check_settings(Settings.model_validate({name: tmp_path / "gone"}))
