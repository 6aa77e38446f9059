"""Forms that the generator of faxes does not draw are read, but for what is named here."""

from __future__ import annotations

import subprocess
from pathlib import Path

from intake.evaluation.labels import load_labels
from intake.evaluation.marks import Part
from intake.evaluation.records import load_records
from intake.evaluation.score import Evaluation, evaluate
from tests.intake.harness import command, environment

FOLDER = Path(__file__).parent / "natural"
MISSED = {
    "aetna_infliximab_precert": {"servicing_provider.name"},
    "alameda_change_request": {"request.authorization_number", "amendments"},
    "amerihealth_inpatient": {"servicing_provider.facility"},
    "anthem_aba_treatment": {"requesting_provider.contact", "services.units"},
    "caloptima_arf": {"member.first_name", "member.last_name"},
    # A member's number with a suffix of two digits, a space behind it.
    "evicore_brain_mri": {"member.member_id", "servicing_provider.name"},
    # "8 more visits" in a reason; the plan's name before "ID".
    "hpsj_auth_extension": {"member.member_id", "amendments"},
    "iehp_dme_referral": {"member.member_id"},
    # Codes in the lines of a letter's subject, and dates in two columns without rules.
    "letter_change_of_date": {
        "requesting_provider.contact",
        "diagnoses.code",
        "services.code",
        "services.modifiers",
        "services.from_date",
        "services.to_date",
        "amendments",
    },
    # "G0299 RN visits x9".
    "molina_ca_service_request": {"services.modifiers", "services.units"},
    "prospect_ipa_referral": {"servicing_provider.name", "servicing_provider.phone"},
    "scfhp_cancel_auth": {"requesting_provider.contact"},
    "sunshine_outpatient_auth": {"diagnoses.code", "services.from_date", "servicing_provider.name"},
    # A name that goes on above its line.
    "abbreviations": {"servicing_provider.name"},
    # "Secondary" beside an admitting diagnosis.
    "admission_notice": {"diagnoses.code"},
    "behavioral": {
        # The form has a treating provider alone, who is taken for the one that will serve.
        "requesting_provider.name",
        "requesting_provider.npi",
        "requesting_provider.tin",
        "requesting_provider.phone",
        "requesting_provider.fax",
    },
    "chart_referral": {
        # Labels and names in two lines of their columns.
        "requesting_provider.name",
        "requesting_provider.phone",
        "requesting_provider.fax",
        "servicing_provider.name",
        "services.units",
    },
    # A facility with an NPI, and blanks for the names of a person who serves.
    "barred_sections": {"servicing_provider.name"},
    # A telephone number without a caption, and days of delivery in a table.
    "blocks_without_captions": {"services.from_date", "member.phone"},
    # Two captions side by side in one cell of a table's head.
    "established_client": {"services.units"},
    # An appointment that may be the day of service.
    "exams": {"services.from_date"},
    # A contact's degree.
    "extension_of_stay": {"requesting_provider.contact"},
    # Who serves is named within a sentence, and the last word of a line says how urgent it is.
    "memo": {
        "request.urgency",
        "servicing_provider.name",
        "servicing_provider.npi",
        "servicing_provider.phone",
        "servicing_provider.fax",
    },
    # Headings in two lines, of which one names the code in each.
    "numbered_cells": {"services.units"},
    "cancel_cover": {"requesting_provider.name", "requesting_provider.npi"},
    # "Submitted by (provider)" names no contact, and its date stands in the line of the authorization.
    "corrected_information": {"request.requested_on", "requesting_provider.name", "requesting_provider.npi"},
    "drug": {"servicing_provider.npi"},
    "genetic_testing": {"services.from_date"},
    "grid": {"requesting_provider.contact"},
    "home_health": {"member.sex"},
    # "To" behind "From" on the line of a second code.
    "infusion_suite": {"services.from_date", "services.to_date"},
    "infusion_drug": {"servicing_provider.fax"},
    "letter_list": {"servicing_provider.npi"},
    "numbered_items": {"services.units"},
    "oxygen": {"servicing_provider.name"},
    "portal_summary": {"services.units"},
    # A print-out of an order: the practice's numbers in its head, and numbers that go on in the next line.
    "referral_order": {
        "member.sex",
        "requesting_provider.phone",
        "requesting_provider.fax",
        "servicing_provider.phone",
        "servicing_provider.fax",
        "services.units",
    },
    "request_letter": {"request.urgency"},
    # "Agency", under a title that says which.
    "row_of_titles": {"requesting_provider.name"},
    "retrospective": {"services.units"},
    "surgical": {"servicing_provider.npi", "servicing_provider.tin"},
    # "Imaging center" names who serves, and ends the names of many who do.
    "services_to_tick": {"servicing_provider.name", "servicing_provider.npi", "servicing_provider.phone"},
    # A quantity in the line of its code, behind a word in small letters.
    "treatment_report": {"services.units"},
    # "Dr", "When", and a name that goes on in a second line between columns.
    "two_columns": {"requesting_provider.name", "servicing_provider.name", "servicing_provider.phone", "services.from_date"},
    # "1 each" for two codes.
    "typewritten": {"services.units"},
    # The number stands in the brackets of an option, and "PT" behind a name is a degree.
    "therapy_columns": {"request.authorization_number", "servicing_provider.name"},
}


def evaluated(folder: Path) -> Evaluation:
    files = sorted(FOLDER.glob("*.pdf"))
    done = subprocess.run(
        command("process", *files), env=environment(standin=False), cwd=folder, capture_output=True, check=True, timeout=600
    )
    (folder / "records.ndjson").write_bytes(done.stdout)
    records, problems = load_records(folder / "records.ndjson")
    assert problems == ()
    return evaluate(load_labels(FOLDER), records, problems)


def test_forms_as_payers_set_them_are_read_but_for_what_is_known(tmp_path: Path) -> None:
    found: dict[str, set[str]] = {}
    for document in evaluated(tmp_path).documents:
        assert document.split_right, document.label.form
        marks = [mark for request in document.requests for mark in request.marks if mark.part in (Part.FIELD, Part.AMENDMENT)]
        if wrong := {mark.path for mark in marks if not mark.right}:
            found[document.label.form] = wrong
    assert found == MISSED
