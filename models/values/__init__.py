"""What a value can be: shapes, check digits, alphabets, calendars and code sets, shared by extraction and validation."""

from models.values.find import find_values
from models.values.kinds import ValueKind, ValueReading
from models.values.member_id import MemberIdKind, member_id_kind
from models.values.name_words import is_organization
from models.values.names import PersonName, split_person_name
from models.values.npi import has_check_digit
from models.values.procedure import code_system
from models.values.provider_names import plain_provider_name

__all__ = [
    "MemberIdKind",
    "PersonName",
    "ValueKind",
    "ValueReading",
    "code_system",
    "find_values",
    "has_check_digit",
    "is_organization",
    "member_id_kind",
    "plain_provider_name",
    "split_person_name",
]
