"""The result as tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from intake.evaluation.calibration import calibrate, calibrate_fields
from intake.evaluation.causes import commonest_errors
from intake.evaluation.labels import DocumentLabel
from intake.evaluation.marks import Part
from intake.evaluation.score import Evaluation, Summary
from intake.evaluation.tally import Tally, ratio

_MOST_PROBLEMS = 50


def share(value: float | None) -> str:
    """A share with three places; a dash where there is none."""
    return "-" if value is None else f"{value:.3f}"


def per_thousand(bounds: tuple[float, float] | None) -> str:
    """An interval of a share, in thousandths; a dash where there is none."""
    return "-" if bounds is None else f"{1000 * bounds[0]:.2f} to {1000 * bounds[1]:.2f}"


def written_by(label: DocumentLabel) -> str:
    """Whether values are typed or written by hand."""
    return "hand" if label.handwritten else "typed"


def groupings(result: Evaluation) -> dict[str, Mapping[str, Summary]]:
    """The summaries by each thing that documents and requests are told apart by."""
    return {
        "condition": result.by_document(lambda label: label.condition),
        "typed or by hand": result.by_document(written_by),
        "condition, typed or by hand": result.by_document(lambda label: f"{label.condition}, {written_by(label)}"),
        "kind": result.by_kind(),
        "form": result.by_document(lambda label: label.form),
    }


def as_text(result: Evaluation) -> str:
    """All tables."""
    lines = [*_head(result.total())]
    for title, groups in groupings(result).items():
        lines += ["", *_group_table(title, groups)]
    lines += ["", *_field_table(result), "", *_error_table(result), "", *_calibration_table(result)]
    if result.problems:
        lines += ["", f"problems ({len(result.problems)}):", *(f"  {problem}" for problem in result.problems[:_MOST_PROBLEMS])]
    return "\n".join(lines)


def _head(total: Summary) -> Iterator[str]:
    micro, gaps = total.micro, total.gaps
    more = f"{total.invented_requests} more than labelled"
    yield f"{total.documents} documents, {total.requests} requests, {total.records} records ({more})"
    yield (
        f"micro F1 {share(micro.f1)}  precision {share(micro.precision)}  recall {share(micro.recall)}"
        f"  flag rate {share(micro.flag_rate)}  silent errors {micro.silent} ({share(micro.silent_rate)},"
        f" 95 % interval {per_thousand(micro.silent_interval)} in 1,000)"
    )
    yield (
        f"splitting: documents right {share(ratio(total.split_right, total.documents))},"
        f" pages right {share(ratio(total.pages_right, total.requests))}"
    )
    yield (
        f"diagnoses F1 {share(total.diagnoses.f1)}  services F1 {share(total.services.f1)}"
        f"  amendments F1 {share(total.amendments.f1)}  gaps F1 {share(gaps.f1)}"
        f" (precision {share(gaps.precision)}, recall {share(gaps.recall)}, illegible {total.illegible_gaps})"
    )
    yield (
        f"requests all right {share(total.all_right_share)}  straight through {share(total.straight_through_share)}"
        f"  ready {total.ready}, of them with an error {total.ready_with_error}"
    )


def _group_table(title: str, groups: Mapping[str, Summary]) -> Iterator[str]:
    names = ("requests", "micro F1", "dx F1", "svc F1", "gaps F1", "flags", "silent", "straight")
    yield f"{title:34}" + "".join(f"{name:>9}" for name in names)
    for name, group in groups.items():
        shares = (
            group.micro.f1,
            group.diagnoses.f1,
            group.services.f1,
            group.gaps.f1,
            group.micro.flag_rate,
            group.micro.silent_rate,
        )
        cells = "".join(f"{share(value):>9}" for value in (*shares, group.straight_through_share))
        yield f"  {name:32}{group.requests:9}{cells}"


def _field_table(result: Evaluation) -> Iterator[str]:
    names = ("F1", "right", "wrong", "invented", "missed", "absent", "flags", "silent")
    yield f"{'field':34}" + "".join(f"{name:>9}" for name in names)
    for path, tally in result.by_field(Part.FIELD).items():
        yield _field_line(path, tally)
    yield "not in the micro F1"
    for path, tally in result.by_field(Part.INFO).items():
        yield _field_line(path, tally)


def _field_line(path: str, tally: Tally) -> str:
    counts = "".join(f"{count:9}" for count in (tally.right, tally.wrong, tally.invented, tally.missed, tally.absent))
    return f"  {path:32}{share(tally.f1):>9}{counts}{share(tally.flag_rate):>9}{share(tally.silent_rate):>9}"


def _error_table(result: Evaluation) -> Iterator[str]:
    yield f"{'commonest errors':34}{'errors':>9}{'silent':>9}  cause"
    for held in commonest_errors(result.documents):
        yield f"  {held.path:32}{held.count:9}{held.silent:9}  {held.cause}"


def _calibration_table(result: Evaluation) -> Iterator[str]:
    calibration = calibrate(mark for request in result.requests for mark in request.marks)
    yield (
        f"{'confidence':34}"
        + "".join(f"{name:>10}" for name in ("readings", "mean", "right", "flagged"))
        + "  95 % interval of right"
    )
    for held in calibration.bins:
        cells = "".join(f"{share(value):>10}" for value in (held.mean_confidence, held.right_share, held.flagged_share))
        low, high = held.right_interval or (None, None)
        yield f"  {f'{held.low:.3f} to {held.high:.3f}':32}{held.count:10}{cells}  {share(low)} to {share(high)}"
    yield f"  expected calibration error {share(calibration.expected_error)} over {calibration.readings} readings"
    yield ""
    yield f"{'confidence by field':34}" + "".join(f"{name:>10}" for name in ("readings", "mean", "right"))
    for path, field in calibrate_fields(mark for request in result.requests for mark in request.marks).items():
        yield f"  {path:32}{field.readings:10}{share(field.mean_confidence):>10}{share(field.right_share):>10}"
