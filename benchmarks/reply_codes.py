"""How surely the reply code of a letter is read when the letter comes back by fax.

::

    python -m benchmarks.reply_codes [--count 12] [--seed letters] [--conditions fine_fax standard_fax poor_fax rotated scan]

draws so many letters for each condition, sends each over a line of that condition, reads the pages with the product's reader, and
counts: the code was read, none was read, or a code that the page does not bear was read, which must never be.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from extraction.reply_codes import reply_codes
from intake.identify import digest_of, identify
from intake.pipeline import reading_options
from intake.settings import Settings
from models.document import Document
from ocr.document import DocumentReader
from tests.faxes.degrade import Condition
from tests.letters.faxed import a_faxed_letter

_FAXED = (Condition.FINE_FAX, Condition.STANDARD_FAX, Condition.POOR_FAX, Condition.ROTATED, Condition.SCAN)


def codes_on(path: Path, settings: Settings) -> tuple[str, ...]:
    """The codes that the product reads on the pages of a document."""
    now = datetime.now(UTC)
    document = Document(path, path.name, digest_of(path), identify(path, settings.max_file_bytes), now)
    with DocumentReader(document, reading_options(settings)) as reader:
        return reply_codes(reader.pages())


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--seed", default="letters")
    parser.add_argument("--conditions", nargs="+", type=Condition, default=list(_FAXED))
    given = parser.parse_args()
    wrong = 0
    print("| condition | letters | code read | none read | wrong code |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        for condition in given.conditions:
            told = []
            for n in range(given.count):
                path, code = a_faxed_letter(f"{given.seed}/{condition.value}/{n}", condition, Path(folder))
                told.append((code, codes_on(path, settings)))
            read = sum(code in codes for code, codes in told)
            none = sum(not codes for _, codes in told)
            strange = sum(any(one != code for one in codes) for code, codes in told)
            wrong += strange
            print(f"| {condition.value} | {given.count} | {read} | {none} | {strange} |", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
