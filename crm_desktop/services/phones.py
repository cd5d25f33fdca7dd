"""Phone numbers in one canonical form, so that two spellings are one number."""

from __future__ import annotations

import locale
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_desktop.model.database import UnitOfWork

MIN_DIGITS = 5


def canonical_phone(raw: str, region: str | None) -> str | None:
    """E.164 ("+4989123456") when the number is possible in `region` (ISO 3166 code) or is written
    internationally; else its digits; None when there are too few to be a number."""
    import phonenumbers

    text = raw.strip().removeprefix("tel:")
    if text.startswith("00"):
        text = "+" + text[2:]
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is not None and phonenumbers.is_possible_number(number):
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    digits = "".join(character for character in text if character.isdecimal())
    return digits if len(digits) >= MIN_DIGITS else None


def region_in(store: UnitOfWork) -> str | None:
    """The country (ISO 3166) in which numbers without a prefix are meant: the setting `region`,
    or the one of the system's language."""
    chosen = store.settings.get("region")
    if chosen:
        return chosen
    language = locale.getlocale()[0] or ""
    country = language.partition("_")[2][:2].upper()
    return country if len(country) == 2 and country.isalpha() else None
