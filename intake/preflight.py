"""What the settings name is looked at before anything is taken from the inbox: a wrong name is no fault of any fax."""

from __future__ import annotations

from intake.settings import Settings
from intake.site_policy import policies_of
from letters.template import letter_template
from models.codesets.procedures import load_list
from models.errors import ConfigurationError
from ocr.engines import engines


def check_settings(settings: Settings) -> None:
    """Refuse settings that no document could be read with.

    Raises:
        ConfigurationError: an engine that does not exist, or a policy, plan or code list that cannot be read.
    """
    known = engines()
    for name in (settings.first_engine, settings.second_engine):
        if name is not None and name not in known:
            raise ConfigurationError(f"There is no OCR engine named {name!r}; there are {', '.join(sorted(known))}.")
    policies_of(settings)
    letter_template(settings.letter_template)
    if settings.procedure_codes is not None:
        load_list(settings.procedure_codes)
