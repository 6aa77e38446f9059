"""Pages made of typed lines, as a reader would give them."""

from __future__ import annotations

from models.geometry import Box
from models.page import Method, Page, Word

_CHARACTER = 0.0095
"""Width of a letter, as a fraction of the page width."""
_LINE = 0.019
_MARGIN = 0.08


def words_of(lines: list[str], top: float = 0.05, confidence: float = 0.99) -> tuple[Word, ...]:
    """The words of the lines, one line under the other; an empty line leaves a gap."""
    words: list[Word] = []
    for row, line in enumerate(lines):
        y = top + row * _LINE
        place = 0
        for text in line.split():
            place = line.index(text, place)
            left = _MARGIN + place * _CHARACTER
            box = Box.clipped(left, y, left + len(text) * _CHARACTER, y + 0.011)
            words.append(Word(text, box, confidence, Method.OCR))
            place += len(text)
    return tuple(words)


def page_of(text: str, number: int = 1, fax_header: str | None = None) -> Page:
    """A page with the lines of ``text``."""
    return Page(number, 1.294, words_of(text.strip("\n").split("\n")), fax_header=fax_header)


COVER = """
                 FAX COVER SHEET

TO:        Utilization Management
FAX:       (800) 555-0111
FROM:      Valley Orthopedics
PHONE:     (831) 555-0100
DATE:      3/4/2026
PAGES:     3 including cover
RE:        Request for authorization - see attached

CONFIDENTIALITY NOTICE: The documents accompanying this transmission contain
confidential health information that is legally privileged.
"""

NOTES = """
Valley Orthopedics - Progress note
Patient: Reyes, Ana   DOB: 9/12/1954   Visit date: 02/14/2026   MRN: 604249
Chief complaint: Here to discuss results. Symptoms began in July and have worsened.
History: Seen previously on 12/10/2025. Carpal tunnel syndrome (G56.01) was ruled out.
Medications: Ibuprofen 600 mg TID prn, gabapentin 300 mg qhs.
Exam: BP 147/78, HR 93, weight 171 lb. Lungs clear, heart regular without murmur.
Assessment: Differential included rotator cuff tear; not supported by findings today.
Plan: Continue current regimen. Return in 6 weeks.
Electronically signed by Kevin Singh, DPM on 02/15/2026
"""

INSTRUCTIONS = """
                 Prior Authorization Request Form
                      Instructions
Please read all instructions below before completing this form. Do not send this form to
the department of insurance. Intended use: Use this form to request authorization by fax or
mail when an issuer requires prior authorization of a health care service. Do not use this
form to request an appeal, to confirm eligibility or to ask whether a service is covered.
If the Requesting Provider or Facility will also be the Service Provider, enter "Same".
If the requesting provider's signature is required, you may not use a signature stamp.
"""

DENIAL = """
HARBOR HEALTH PLAN                NOTICE OF DENIAL
Date of Determination: February 4, 2026
Member Name: REYES, ANA     Member ID: 95853791K     Date of Birth: 09/12/1954
Requested by: Dr. Evelyn Sato     NPI 1234567893
Procedure: Lumbar injection (CPT 62323)     Diagnosis: M54.50
DETERMINATION: DENIED
REASON FOR DENIAL: The request does not meet medical necessity criteria.
APPEAL RIGHTS: You or the member may file an appeal within 180 days.
"""


def form(member: str, identifier: str) -> str:
    """A one-page request form."""
    return f"""
              HARBOR HEALTH PLAN
         Prior Authorization Request
Date of request: 03/04/2026        Routine [X]   Urgent [ ]
Member information
Member name: {member}        Date of birth: 09/12/1954
Member ID: {identifier}      Phone: (831) 555-0199
Requesting provider
Name: Corazon Patel, MD     NPI: 1234567893     Fax: (831) 555-0101
Servicing provider
Name: Delta Imaging Center  NPI: 1144316001     Fax: (831) 555-0102
Diagnosis      ICD-10      Description
1.             M54.50      Low back pain
Services requested     CPT/HCPCS     Units     Start date     End date
1.  MRI lumbar         72148         1         03/15/2026     04/15/2026
Provider signature: Corazon Patel        Date: 03/04/2026
"""


FORM_PAGE_1 = """
              MONTEREY MEDICAL GROUP
         Referral and authorization request - page 1 of 2
Section A. Member
Last name: Reyes            First name: Ana
Date of birth: 09/12/1954   ID number: 95853791K
Section B. Requesting provider
Name: Corazon Patel, MD     NPI: 1234567893
Section C. Servicing provider
Name: Delta Imaging Center  NPI: 1144316001
"""

FORM_PAGE_2 = """
              MONTEREY MEDICAL GROUP
         Referral and authorization request - page 2 of 2
Member: Ana Reyes
Section E. Diagnoses
1. Low back pain            M54.50
Section F. Services
No.   Code     Modifiers   What is requested   Units   Dates of service
1     72148                MRI lumbar spine    1       3/15/26 - 4/15/26
Section H. Attestation
Provider signature:                     Date: 03/04/2026
"""

TAIL_PAGE = """
Member: Ana Reyes
                 OFFICE USE ONLY
Control no.      Effective from      Effective to     Reviewer
"""

LETTER = """
Valley Orthopedics
4814 Old Mill St, Fairhollow, CA 93955 | T (831) 555-0100 | F (831) 555-0101 | TIN 81-2867455


March 3, 2026

Utilization Management Department
Via fax (800) 555-0111

RE:              Ana Reyes
DOB:             9/12/1954
Member ID:       95853791K
Authorization:   2509-281864

To whom it may concern:

We are writing to amend the authorization referenced above for Ana Reyes. Please change
CPT 72148 to CPT 72158. The end date should be 5/12/2026 instead of 4/28/2026.

The medical necessity has not changed. Please send the updated approval to our fax number.

If you have questions, please call Jennifer Nguyen at (831) 555-0100.

Sincerely,


Mei Jimenez, DPM
NPI 1234567893
"""
