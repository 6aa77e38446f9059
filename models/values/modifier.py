"""CPT and HCPCS modifiers: two characters."""

from __future__ import annotations

import re

from models.values.confusions import DIGIT_OF
from models.values.kinds import ValueReading

KNOWN_MODIFIERS: frozenset[str] = frozenset(
    """
    22 23 24 25 26 27 32 33 47 50 51 52 53 54 55 56 57 58 59 62 63 66 73 74 76 77 78 79 80 81 82 90 91 92 93 95 96 97 99
    1P 2P 3P 8P P1 P2 P3 P4 P5 P6
    AA AD AE AF AG AH AI AJ AK AM AO AP AQ AR AS AT AU AV AW AX AY AZ A1 A2 A3 A4 A5 A6 A7 A8 A9
    BA BL BO BP BR BU CA CB CC CG CO CQ CR CS CT DA E1 E2 E3 E4 EA EB EC ED EE EJ EM EP ET EX EY
    F1 F2 F3 F4 F5 F6 F7 F8 F9 FA FB FC FP FQ FR FS FT FX FY G0 G1 G2 G3 G4 G5 G6 G7 GA GB GC GE GF GG GH GJ GK GL GM GN GO GP GQ GR
    GS GT GU GV GW GX GY GZ H9 HA HB HC HD HE HF HG HH HI HJ HK HL HM HN HO HP HQ HR HS HT HU HV HW HX HY HZ
    J1 J2 J3 J4 J5 JA JB JC JD JE JF JG JK JL JW JZ K0 K1 K2 K3 K4 KA KB KC KD KE KF KG KH KI KJ KK KL KM KN KO KP KQ KR KS KT KU KV
    KW KX KY KZ L1 LC LD LL LM LR LS LT LU M2 MS N1 N2 N3 NB NR NU PA PB PC PD PI PL PM PN PO PS PT Q0 Q1 Q2 Q3 Q4 Q5 Q6 Q7 Q8 Q9
    QA QB QC QD QE QF QG QH QJ QK QL QM QN QP QQ QR QS QT QW QX QY QZ RA RB RC RD RE RI RR RT SA SB SC SD SE SF SG SH SJ SK SL SM SN
    SQ SS ST SU SV SW SY SZ T1 T2 T3 T4 T5 T6 T7 T8 T9 TA TB TC TD TE TF TG TH TJ TK TL TM TN TP TQ TR TS TT TU TV TW
    U1 U2 U3 U4 U5 U6 U7 U8 U9 UA UB UC UD UE UF UG UH UJ UK UN UP UQ UR US V1 V2 V3 V4 V5 V6 V7 V8 V9 VM VP X1 X2 X3 X4 X5
    XE XP XS XU ZA ZB ZC
    """.split()
)
"""CPT appendix A and the HCPCS level II modifiers (CMS alpha-numeric file)."""

_TOKEN = re.compile(r"(?<![0-9A-Za-z.])[0-9A-Za-z|$]{2}(?![0-9A-Za-z]|\.\d)")
_GLUED = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{4}[0-9FMTU]|[A-VXZ][0-9]{4})([0-9A-Z]{2})(?![0-9A-Za-z])")
_LETTER_OF = {"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z", "6": "G", "7": "T", "4": "A"}


def find_modifiers(text: str) -> tuple[ValueReading, ...]:
    """All words of two characters that can be a modifier, and those written right after a code (``73722LT``)."""
    spans = [(match.start(), match.group()) for match in _TOKEN.finditer(text)]
    spans += [(match.start(1), match.group(1)) for match in _GLUED.finditer(text) if match.group(1) in KNOWN_MODIFIERS]
    return tuple(reading for start, span in sorted(spans) if (reading := _reading(span, start)) is not None)


def _reading(span: str, start: int) -> ValueReading | None:
    as_read = span.upper()
    end = start + len(span)
    if as_read in KNOWN_MODIFIERS:
        return ValueReading(as_read, span, start, end, 1.0 if span == as_read else 0.8)
    repairs = {code for code in _variants(span) if code in KNOWN_MODIFIERS}
    if len(repairs) == 1:
        return ValueReading(repairs.pop(), span, start, end, 0.7, repaired=True)
    if as_read.isalnum() and any(character.isdigit() for character in as_read) and not as_read.isdigit():
        return ValueReading(as_read, span, start, end, 0.3, valid=False)
    return None


def _variants(span: str) -> set[str]:
    first, last = ({c.upper(), DIGIT_OF.get(c, c.upper()), _LETTER_OF.get(c, c.upper())} for c in span)
    return {a + b for a in first for b in last} - {span.upper()}
