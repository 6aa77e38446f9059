"""The history of a provider, of an office, and of an authorization."""

from __future__ import annotations

from tests.desk.lookup.story import AUTHORIZATIONS, Story, ids
from tests.matching.records import MEMBER, OTHER_OFFICE, a_letter, a_request

LESS = {"action": "replace", "field": "services.units", "code": "97140", "old": 12, "new": 6}


def test_a_provider_is_found_as_the_requesting_and_as_the_servicing_one(story: Story) -> None:
    told = story.asks()(npi="1234567893")
    assert ids(told) == ["PAR-0006", "PAR-0005", "PAR-0003", "PAR-0002", "PAR-0001"]
    assert [one["found_by"] for one in told["requests"]] == [["servicing"], *[["requesting"]] * 4]
    (place,) = told["providers"]
    assert (place["name"], place["fax"], place["network"]) == ("Linda T. O'Brien", "+18315550142", "in")


def test_an_office_is_found_by_its_fax_number_however_it_is_written(story: Story) -> None:
    for number in ("(831) 555-0142", "+18315550142", "1-831-555-0142"):
        told = story.asks()(fax=number)
        assert ids(told) == ["PAR-0005", "PAR-0003", "PAR-0002", "PAR-0001"]
        assert [one["name"] for one in told["providers"]] == ["Linda T. O'Brien"]


def test_an_office_that_the_form_does_not_name_is_found_by_the_fax_header(own_story: Story) -> None:
    own_story.intake.put(a_request(requesting_provider={}), days=61, fax={"sender_number": "+18315550142"})
    assert own_story.asks()(fax="8315550142")["requests"][0]["found_by"] == ["fax_header"]


def test_what_its_requests_lacked_is_counted_of_those_that_it_sent(story: Story) -> None:
    # Four requests of its own, one of which has no diagnosis; the one in which it only serves is another office's.
    lacking = story.asks()(npi="1234567893")["lacking"]
    assert lacking == {"requests": 4, "incomplete": 1, "fields": [{"field": "diagnoses", "requests": 1}]}
    assert story.asks()(fax="8315550142")["lacking"] == lacking
    assert story.asks()(npi="1999999984")["lacking"] == {"requests": 0, "incomplete": 0, "fields": []}


def test_an_authorization_is_told_as_imported_with_its_changes_and_its_present_state(own_story: Story) -> None:
    own_story.intake.put(a_letter(amendments=[LESS]), days=62)
    told = own_story.asks()(authorization_number="auth 1001")
    assert ids(told) == ["PAR-0007", "PAR-0003", "PAR-0001"]
    assert [one["found_by"] for one in told["requests"]] == [["number", "linked"], ["number", "linked"], ["granted_for"]]
    (granted,) = told["authorizations"]
    assert [(line["code"], line["units"]) for line in granted["authorization"]["services"]] == [("97110", 12), ("97140", 12)]
    assert [(line["code"], line["units"]) for line in granted["stands"]["services"]] == [("97110", 24), ("97140", 6)]
    assert granted["changed_by"] == "PAR-0007"
    steps = [[[line["units"] for line in one[side]["services"]] for side in ("before", "after")] for one in told["requests"][:2]]
    assert steps == [[[24, 12], [24, 6]], [[12, 12], [24, 12]]]
    assert [one["outcome"] for one in told["requests"][2]["decisions"]] == ["approved"]


def test_a_cancelled_authorization_stands_cancelled(own_story: Story) -> None:
    own_story.intake.put(a_letter("cancellation"), days=63)
    (granted,) = own_story.asks()(authorization_number="AUTH-1001")["authorizations"]
    assert (granted["stands"]["cancelled"], granted["changed_by"]) == (True, "PAR-0007")


def test_an_authorization_of_no_known_request_is_told_by_itself(own_story: Story) -> None:
    own_story.imported_authorizations(AUTHORIZATIONS.replace("AUTH-1001", "AUTH-2002").replace("PAR-0001", ""))
    told = own_story.asks()(authorization_number="AUTH-2002")
    assert [one["authorization"]["number"] for one in told["authorizations"]] == ["AUTH-2002"]


def test_nothing_known_is_told_as_nothing(story: Story) -> None:
    assert story.asks()(authorization_number="AUTH-9999") == {
        "about": "authorization", "authorizations": [], "requests": [], "next": None,
    }  # fmt: skip
    assert ids(story.asks()(npi="1999999984")) == []


def test_the_newest_of_very_many_come_first(own_story: Story) -> None:
    for day in range(64, 69):
        own_story.intake.put(a_request(member=MEMBER | {"member_id": f"9{day}"}, requesting_provider=OTHER_OFFICE), days=day)
    told = own_story.asks()(npi=OTHER_OFFICE["npi"], limit=3)
    assert ids(told) == ["PAR-0011", "PAR-0010", "PAR-0009"]
    following = own_story.asks()(npi=OTHER_OFFICE["npi"], limit=50, cursor=told["next"])
    assert ids(following) == ["PAR-0008", "PAR-0007", "PAR-0006", "PAR-0004"]
