"""Which codes can be a procedure: shapes and ranges of CPT and HCPCS level II, or a list of a site's own.

Sources: CPT category I sections (00100-99607), II (F), III (T), administrative (M) and proprietary laboratory (U) codes; HCPCS
level II sections by their first letter (CMS alpha-numeric file). Ranges are wide on purpose: they tell a code from a postal code or
an amount, and a list tells the rest.
"""

from __future__ import annotations

import re
from pathlib import Path

from models.errors import ConfigurationError

_SHAPE = re.compile(r"[0-9]{4}[0-9FMTU]|[A-VXZ][0-9]{4}")
_CPT_SECTIONS = ((100, 1999), (10004, 69990), (70010, 79999), (80047, 89398), (90281, 99607))
_HCPCS_SECTIONS: dict[str, tuple[int, int]] = {
    "A": (21, 9999), "B": (4034, 9999), "C": (1052, 9999), "D": (120, 9999), "E": (100, 8999), "G": (1, 9999), "H": (1, 2999),
    "J": (120, 9999), "K": (1, 1999), "L": (112, 9999), "M": (1, 1499), "P": (2028, 9999), "Q": (35, 9999), "R": (70, 99),
    "S": (12, 9999), "T": (1000, 5999), "U": (1, 99), "V": (2020, 5399),
}  # fmt: skip


def has_shape(code: str) -> bool:
    """Whether the text has the shape of a CPT, HCPCS level II or Medi-Cal local (X, Z) code."""
    return _SHAPE.fullmatch(code) is not None


def is_procedure(code: str) -> bool:
    """Whether the code is in the site's list or, where there is none, lies in a section of its code set."""
    if _in_force:
        return code in _in_force[0]
    if not has_shape(code):
        return False
    if code[0].isalpha():
        low, high = _HCPCS_SECTIONS.get(code[0], (1, 0))
        return low <= int(code[1:]) <= high
    if code[-1].isalpha():
        return True
    return any(low <= int(code) <= high for low, high in _CPT_SECTIONS)


_in_force: list[frozenset[str]] = []  # one for the process: workers are threads


def use_list(path: Path) -> None:
    """Make the list at the path the codes that are known in this process; for a site's own, at start.

    Raises:
        ConfigurationError: see :func:`load_list`.
    """
    _in_force[:] = [load_list(path)]


def load_list(path: Path) -> frozenset[str]:
    """The codes of a site's own list: one a line, the rest of the line (after a tab, comma or space) is not read.

    Raises:
        ConfigurationError: when the file cannot be read or a line does not begin with a code.
    """
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError("The list of procedure codes cannot be read.") from error
    codes = [re.split(r"[\t, ]", line, maxsplit=1)[0].upper() for line in lines if line and not line.startswith("#")]
    wrong = next((place for place, code in enumerate(codes, start=1) if not has_shape(code)), None)
    if wrong is not None:
        raise ConfigurationError(f"Entry {wrong} of the list of procedure codes is no CPT or HCPCS code.")
    return frozenset(codes)
