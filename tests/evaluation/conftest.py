from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.evaluation.standin import labelled_folder, labels_of


@pytest.fixture(scope="session")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Labelled documents of every kind."""
    return labelled_folder(tmp_path_factory.mktemp("labelled"), 16, "evaluation")


@pytest.fixture(scope="session")
def labels(labelled: Path) -> list[dict[str, Any]]:
    return labels_of(labelled)
