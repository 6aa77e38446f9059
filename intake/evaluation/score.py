"""Scores documents: their requests matched, compared and counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from intake.evaluation.compare import compare
from intake.evaluation.flags import Flags, counted_gaps
from intake.evaluation.labels import DocumentLabel, LabelledDocument, RequestLabel
from intake.evaluation.marks import Mark, Part
from intake.evaluation.matching import pages_right, paired, requests_among
from intake.evaluation.tally import Tally, ratio
from models.record import GapReason, ReferralRecord, Status


@dataclass(frozen=True, slots=True)
class ScoredRequest:
    """One labelled request beside its record, if it has one."""

    label: RequestLabel
    record: ReferralRecord | None
    marks: tuple[Mark, ...]

    @property
    def pages_right(self) -> bool:
        """Whether the record has the request's pages."""
        return pages_right(self.label, self.record)

    @property
    def all_right(self) -> bool:
        """Whether pages, values, changes and gaps are all right; descriptions and the signature do not count."""
        return self.record is not None and self.pages_right and all(mark.right for mark in self.marks if mark.part is not Part.INFO)

    @property
    def ready(self) -> bool:
        """Whether the record says that nobody need look."""
        return self.record is not None and self.record.status is Status.READY

    @property
    def complete(self) -> bool:
        """Whether the label says that nothing is missing."""
        return self.label.gaps == []

    @property
    def straight_through(self) -> bool:
        """Whether it is complete, all right, and would pass with no look at it."""
        return self.complete and self.all_right and self.ready and not Flags.of(self.record).any()


@dataclass(frozen=True, slots=True)
class ScoredDocument:
    """One labelled document. ``records`` are those that are requests; ``answered``: it has a record of any kind."""

    label: DocumentLabel
    path: Path
    requests: tuple[ScoredRequest, ...]
    records: tuple[ReferralRecord, ...]
    answered: bool

    @property
    def split_right(self) -> bool:
        """Whether there is one record for each request, on its pages."""
        return len(self.records) == len(self.requests) and all(request.pages_right for request in self.requests)

    @property
    def strays_ready(self) -> int:
        """Records that belong to no labelled request and say that nobody need look."""
        held = {id(request.record) for request in self.requests}
        return sum(record.status is Status.READY for record in self.records if id(record) not in held)


def score_document(document: LabelledDocument, records: Sequence[ReferralRecord]) -> ScoredDocument:
    """Match a document's records with its labelled requests and compare them."""
    requests = requests_among(records)
    pairs = zip(document.label.requests, paired(document.label.requests, requests), strict=True)
    scored = tuple(ScoredRequest(label, record, compare(label, record)) for label, record in pairs)
    return ScoredDocument(document.label, document.path, scored, requests, bool(records))


@dataclass(frozen=True, slots=True)
class Summary:
    """All that is counted over some documents or requests. Shares are ``None`` where there is nothing to take a share of."""

    micro: Tally
    diagnoses: Tally
    services: Tally
    amendments: Tally
    gaps: Tally
    illegible_gaps: int
    documents: int
    split_right: int
    requests: int
    pages_right: int
    records: int
    matched: int
    invented_requests: int
    all_right: int
    complete: int
    straight_through: int
    ready: int
    ready_with_error: int

    @classmethod
    def of(cls, requests: Sequence[ScoredRequest], documents: Sequence[ScoredDocument] = ()) -> Summary:
        """Count requests, and what belongs to whole documents."""
        marks = [mark for request in requests for mark in request.marks]
        strays = sum(document.strays_ready for document in documents)
        return cls(
            micro=Tally.of(mark for mark in marks if mark.part in (Part.FIELD, Part.AMENDMENT)),
            diagnoses=Tally.of(mark for mark in marks if mark.path == "diagnoses.code" and mark.part is Part.FIELD),
            services=Tally.of(mark for mark in marks if mark.path == "services.code" and mark.part is Part.FIELD),
            amendments=Tally.of(mark for mark in marks if mark.part is Part.AMENDMENT),
            gaps=Tally.of(mark for mark in marks if mark.part is Part.GAP),
            illegible_gaps=sum(gap.reason is GapReason.ILLEGIBLE for request in requests for gap in counted_gaps(request.record)),
            documents=len(documents),
            split_right=sum(document.split_right for document in documents),
            requests=len(requests),
            pages_right=sum(request.pages_right for request in requests),
            records=sum(len(document.records) for document in documents),
            matched=sum(request.record is not None for request in requests),
            invented_requests=sum(max(0, len(document.records) - len(document.requests)) for document in documents),
            all_right=sum(request.all_right for request in requests),
            complete=sum(request.complete for request in requests),
            straight_through=sum(request.straight_through for request in requests),
            ready=strays + sum(request.ready for request in requests),
            ready_with_error=strays + sum(request.ready and not request.all_right for request in requests),
        )

    @property
    def all_right_share(self) -> float | None:
        """Of all requests, those with nothing wrong."""
        return ratio(self.all_right, self.requests)

    @property
    def straight_through_share(self) -> float | None:
        """Of the requests with nothing missing, those that would pass unseen and are all right."""
        return ratio(self.straight_through, self.complete)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole result."""

    documents: tuple[ScoredDocument, ...]
    problems: tuple[str, ...]

    @property
    def requests(self) -> tuple[ScoredRequest, ...]:
        """All labelled requests."""
        return tuple(request for document in self.documents for request in document.requests)

    def total(self) -> Summary:
        """Over everything."""
        return Summary.of(self.requests, self.documents)

    def by_document(self, key: Callable[[DocumentLabel], str]) -> Mapping[str, Summary]:
        """For each group of documents, by what ``key`` says of their label."""
        groups: dict[str, list[ScoredDocument]] = {}
        for document in self.documents:
            groups.setdefault(key(document.label), []).append(document)
        return {name: Summary.of([r for d in held for r in d.requests], held) for name, held in sorted(groups.items())}

    def by_kind(self) -> Mapping[str, Summary]:
        """For each kind of request; what belongs to whole documents is not counted."""
        groups: dict[str, list[ScoredRequest]] = {}
        for request in self.requests:
            groups.setdefault(str(request.label.request.get("kind")), []).append(request)
        return {name: Summary.of(held) for name, held in sorted(groups.items())}

    def by_field(self, part: Part) -> Mapping[str, Tally]:
        """For each path of one part."""
        groups: dict[str, list[Mark]] = {}
        for request in self.requests:
            for mark in request.marks:
                if mark.part is part:
                    groups.setdefault(mark.path, []).append(mark)
        return {path: Tally.of(marks) for path, marks in sorted(groups.items())}


def evaluate(
    documents: Iterable[LabelledDocument], records: Mapping[str, Sequence[ReferralRecord]], problems: Sequence[str]
) -> Evaluation:
    """Score documents by the records of their file names.

    Args:
        documents: what is labelled.
        records: by file name without folders.
        problems: what was already found wrong, such as lines that are no records.
    """
    labelled = tuple(documents)
    scored = tuple(score_document(document, records.get(document.label.document, ())) for document in labelled)
    names = {document.label.document for document in labelled}
    unanswered = [f"{document.label.document}: no record" for document in scored if not document.answered]
    strangers = [f"{name}: no such document among the labels" for name in sorted(set(records) - names)]
    return Evaluation(scored, (*problems, *unanswered, *strangers))
