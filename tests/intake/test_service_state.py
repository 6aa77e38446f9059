"""What the service tells of its own health."""

from __future__ import annotations

from intake.service_state import ServiceState, Severity


def test_an_engine_that_fails_once_is_a_warning_and_one_that_fails_on_and_on_keeps_the_service_from_its_work() -> None:
    state = ServiceState()
    seen = []
    for _ in range(3):
        state.engine_failed()
        (problem,) = state.snapshot().problems
        seen.append((problem.code, problem.severity))
    assert seen == [("engine_failing", severity) for severity in (Severity.WARNING, Severity.WARNING, Severity.CRITICAL)]
    state.engine_worked()
    assert state.snapshot().problems == ()
    state.engine_failed()
    assert state.snapshot().problems[0].severity is Severity.WARNING, "counted anew"
