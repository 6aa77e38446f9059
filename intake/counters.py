"""What is counted since the start, for Prometheus. No value from a form and no file name goes into a label."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

# From a step that only writes a row to a document of many bad pages, in seconds.
_STEP_BUCKETS_S = (0.005, 0.02, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)


class Counters:
    """The counters of one service, in a registry of their own; they may be used from several threads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.pages = Counter("par_intake_pages_read", "Pages of read documents that records name.", registry=self.registry)
        self.steps = Histogram(
            "par_intake_step_seconds",
            "How long the steps of documents took, with the wait for a free reader in the step read.",
            ["step"],
            buckets=_STEP_BUCKETS_S,
            registry=self.registry,
        )
        self.retries = Counter(
            "par_intake_step_retries", "Steps that failed and were to be tried again.", ["step", "code"], registry=self.registry
        )
        self.deliveries = Counter(
            "par_intake_deliveries", "Attempts to deliver, by what came of them.", ["sink", "outcome"], registry=self.registry
        )
