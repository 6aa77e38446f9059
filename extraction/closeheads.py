"""Labels that stand so close that no gap parts them: headings of columns, and captions of boxes side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extraction.labelsigns import in_brackets
from extraction.lexicon import Lexicon, Meaning
from extraction.lines import Line
from models.page import Word

_CONNECTED = re.compile(r"[&/:] | [&/]|\b(?:and|or|x|with|per|for)\b", re.IGNORECASE)
COLUMN_HEADINGS = frozenset(
    {"proc_code", "dx_code", "code", "modifier", "units", "from_date", "to_date", "proc_text", "dx_text", "description"}
)
"""What heads a column of diagnoses or services."""

MIN_QUALITY = 0.8
"""How much of a label has to be understood, 0..1."""

_NUMBERS = frozenset({"phone", "fax"})
_JOINS = frozenset({"WITH", "PER", "EACH", "INCLUDE", "INCLUDING"})
# A title that says whom services are asked from heads no columns: "Services requested from other providers".
_WHO = frozenset({"PROVIDERS", "PHYSICIANS"})
_CODES = frozenset({("proc_code",), ("dx_code",)})


def as_columns(run: Line, start: int, end: int, meaning: Meaning, lexicon: Lexicon) -> Iterator[tuple[int, int, Meaning]]:
    """Headings that stand too close to part by their gaps ("CPT Code Modifier Quantity", "Diagnosis Code Diagnosis")."""
    said = [token for word in run.words[start:end] for token in lexicon.tokens(word.text)]
    headings = [a for a in meaning.attributes if a in COLUMN_HEADINGS and not _WHO.intersection(said)]
    if run.words[end - 1].text.endswith(":") and not _JOINS.isdisjoint(said):
        yield start, end, meaning  # One question: "Codes with quantity for each code:"
        return
    if len(headings) < 2 and said[:1] != said[-1:] and not set(meaning.attributes) >= _NUMBERS:
        yield start, end, meaning
        return
    cuts = []
    for cut in range(start + 1, end):
        left, right = (lexicon.meaning_of(" ".join(w.text for w in run.words[a:b])) for a, b in ((start, cut), (cut, end)))
        joint = f"{run.words[cut - 1].text} {run.words[cut].text}"
        if in_brackets(run.words[start:cut]) or run.words[cut].text.startswith("("):
            continue
        if not left or not right or not left.attributes or not right.attributes or _CONNECTED.search(joint):
            continue
        if _is_code_heading(run.words[cut - 1 : cut + 1], lexicon):
            continue
        sure = min(left.quality, right.quality) >= MIN_QUALITY
        if (
            sure
            and not set(left.attributes) & set(right.attributes)
            and (left.attributes[0] in COLUMN_HEADINGS or {*left.attributes, *right.attributes} == _NUMBERS)
        ):
            cuts.append((run.words[cut].box.left - run.words[cut - 1].box.right, cut, left, right))
    if not cuts:
        yield start, end, meaning
        return
    _, cut, left, right = max(cuts, key=lambda each: each[0])
    yield from as_columns(run, start, cut, left, lexicon)
    yield from as_columns(run, cut, end, right, lexicon)


def _is_code_heading(words: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether two words say of what something is the code ("Procedure Code"): they head one column, whatever stands beside them."""
    together, last = lexicon.meaning_of(" ".join(word.text for word in words)), lexicon.meaning_of(words[-1].text)
    return bool(together and last and together.attributes in _CODES and last.attributes == ("code",))
