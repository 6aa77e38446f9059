"""When a file is ready: a fake clock and fake listings, no file and no sleep."""

from __future__ import annotations

from dataclasses import replace

from intake.listing import Entry
from intake.stability import Outlook, Patience, StabilityTracker

PATIENCE = Patience(stability_s=5, whole_grace_s=30, lone_sidecar_s=600)


class Scene:
    """A tracker with a clock that is set by hand, and a set of files that lack their end."""

    def __init__(self) -> None:
        self.tracker = StabilityTracker(PATIENCE)
        self.cut_off: set[str] = set()
        self.asked: list[str] = []
        self.room = 100

    def look(self, now_s: float, *entries: Entry) -> Outlook:
        return self.tracker.look(entries, now_s, self._is_whole, self.room)

    def ready(self, now_s: float, *entries: Entry) -> list[str]:
        return [one.entry.name for one in self.look(now_s, *entries).ready]

    def _is_whole(self, entry: Entry) -> bool:
        self.asked.append(entry.name)
        return entry.name not in self.cut_off


def fax(name: str = "a.pdf", size: int = 100, mtime_ns: int = 1, inode: int = 7) -> Entry:
    return Entry(name, size, mtime_ns, inode)


def test_a_file_is_ready_when_it_kept_still_for_long_enough_as_seen_by_us() -> None:
    scene = Scene()
    assert scene.ready(0, fax()) == []
    assert scene.ready(4.9, fax()) == []
    assert scene.ready(5, fax()) == ["a.pdf"]


def test_an_old_time_of_the_file_does_not_shorten_the_wait() -> None:
    # A copy that keeps its times looks years old while it is still being written.
    assert Scene().ready(0, fax(mtime_ns=0)) == []


def test_growth_starts_the_wait_anew() -> None:
    scene = Scene()
    scene.look(0, fax(size=100))
    scene.look(4, fax(size=200))
    assert scene.ready(8, fax(size=200)) == []
    assert scene.ready(9, fax(size=200)) == ["a.pdf"]


def test_a_new_time_at_the_same_size_starts_the_wait_anew() -> None:
    scene = Scene()
    scene.look(0, fax(mtime_ns=1))
    assert scene.ready(6, fax(mtime_ns=2)) == []


def test_another_file_under_the_same_name_starts_the_wait_anew() -> None:
    scene = Scene()
    scene.look(0, fax(inode=1))
    assert scene.ready(6, fax(inode=2)) == []


def test_a_file_that_went_and_came_back_starts_the_wait_anew() -> None:
    scene = Scene()
    scene.look(0, fax())
    scene.look(3)
    assert scene.ready(6, fax()) == []


def test_a_file_without_its_end_is_waited_for_and_then_taken_as_damaged() -> None:
    scene = Scene()
    scene.cut_off.add("a.pdf")
    scene.look(0, fax())
    assert scene.ready(6, fax()) == []
    assert scene.ready(34.9, fax()) == []
    assert scene.ready(35, fax()) == ["a.pdf"]


def test_a_file_is_not_opened_while_it_still_changes() -> None:
    scene = Scene()
    scene.look(0, fax())
    scene.look(4, fax())
    assert scene.asked == []


def test_an_empty_file_is_given_time_to_be_written() -> None:
    scene = Scene()
    scene.look(0, fax(size=0))
    assert scene.ready(10, fax(size=0)) == []
    assert scene.ready(35, fax(size=0)) == ["a.pdf"]


def test_the_outlook_says_how_many_wait_and_for_how_long() -> None:
    scene = Scene()
    scene.look(0, fax("a.pdf"))
    scene.look(2, fax("a.pdf"), fax("b.pdf", inode=8))
    outlook = scene.look(4, fax("a.pdf", size=101), fax("b.pdf", inode=8))
    assert (outlook.waiting, outlook.oldest_wait_s) == (2, 4)


def test_a_sidecar_goes_with_its_fax_by_stem_or_by_full_name() -> None:
    for sidecar_name in ("a.json", "a.pdf.json"):
        scene = Scene()
        sidecar = Entry(sidecar_name, 10, 1, 9)
        scene.look(0, fax(), sidecar)
        (ready,) = scene.look(5, fax(), sidecar).ready
        assert (ready.entry.name, ready.sidecar) == ("a.pdf", sidecar)


def test_the_full_name_wins_over_the_stem_and_a_sidecar_goes_with_one_fax_only() -> None:
    scene = Scene()
    entries = (fax("a.pdf"), fax("a.tif", inode=8), Entry("a.json", 1, 1, 9), Entry("a.tif.json", 1, 1, 10))
    scene.look(0, *entries)
    outlook = scene.look(5, *entries)
    assert {one.entry.name: one.sidecar and one.sidecar.name for one in outlook.ready} == {"a.pdf": "a.json", "a.tif": "a.tif.json"}


def test_a_fax_waits_for_its_sidecar_to_be_written_to_its_end() -> None:
    scene = Scene()
    scene.look(0, fax())
    scene.look(4, fax(), Entry("a.json", 1, 1, 9))
    assert scene.ready(6, fax(), Entry("a.json", 2, 2, 9)) == []
    assert scene.ready(11, fax(), Entry("a.json", 2, 2, 9)) == ["a.pdf"]


def test_a_sidecar_alone_waits_and_holds_up_nothing() -> None:
    scene = Scene()
    sidecar = Entry("a.json", 1, 1, 9)
    scene.look(0, sidecar)
    outlook = scene.look(100, sidecar)
    assert (outlook.ready, outlook.waiting) == ((), 0)


def test_a_sidecar_whose_fax_never_comes_is_set_aside_by_itself() -> None:
    scene = Scene()
    sidecar = Entry("a.json", 1, 1, 9)
    scene.look(0, sidecar)
    assert scene.ready(600, sidecar) == ["a.json"]


def test_what_there_is_no_room_for_is_not_opened() -> None:
    scene = Scene()
    scene.room = 2
    backlog = [fax(f"{number}.pdf", inode=number) for number in range(1000)]
    scene.look(0, *backlog)
    outlook = scene.look(5, *backlog)
    assert [one.entry.name for one in outlook.ready] == ["0.pdf", "1.pdf"] == scene.asked
    assert outlook.waiting == 998


def test_a_name_may_stand_in_both_folders_with_a_sidecar_in_each() -> None:
    scene = Scene()
    urgent = [replace(entry, urgent=True) for entry in (fax("a.pdf", inode=1), fax("a.json", inode=2))]
    entries = [*urgent, fax("a.pdf", inode=3), fax("a.json", inode=4)]
    scene.look(0, *entries)
    ready = scene.look(5, *entries).ready
    assert [(one.entry.inode, one.sidecar.inode if one.sidecar else None) for one in ready] == [(1, 2), (3, 4)]


def test_urgent_files_that_wait_are_counted() -> None:
    outlook = Scene().look(0, replace(fax(), urgent=True), fax("b.pdf"))
    assert (outlook.waiting, outlook.waiting_urgent) == (2, 1)
