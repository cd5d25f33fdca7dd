"""People and companies: what importers hand over, what cards show, and how names compare."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class ContactKind(StrEnum):
    """Only a PERSON is shown among people, gets edges and is ranked."""

    PERSON = "person"
    ROLE = "role"
    LIST = "list"
    BOT = "bot"


class IdentifierKind(StrEnum):
    """By what a contact is recognised."""

    EMAIL = "email"
    PHONE = "phone"
    HANDLE = "handle"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A birthday or anniversary of which parts may be unknown (None)."""

    year: int | None
    month: int | None
    day: int | None

    def __str__(self) -> str:
        """ISO 8601 as vCard 4 writes it: 1985-04-12, 1985-04, 1985, --04-12."""
        year = f"{self.year:04d}" if self.year is not None else "-"
        if self.month is None:
            return year
        if self.day is None:
            return f"{year}-{self.month:02d}"
        return f"{year}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class CardDraft:
    """One address-book card, decoded, that the import service has not yet stored.

    `emails` are canonical (lower case); `phones` are as written, since only the import knows the
    person's region. `related` are (relation type, name or uri) pairs. `next_offset` as in Draft.
    """

    uid: str
    name: str
    next_offset: int
    given_name: str = ""
    family_name: str = ""
    organization: str = ""
    title: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    birthday: PartialDate | None = None
    notes: str = ""
    categories: tuple[str, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    photo: bytes | None = None


@dataclass(frozen=True, slots=True)
class Identifier:
    """One address, number or handle of a contact; `value` canonical, `raw` as first seen or as
    the person wrote it. `is_used`: messages were exchanged under it, so it stays as it is."""

    kind: IdentifierKind
    value: str
    raw: str
    is_primary: bool
    id: int = 0
    is_used: bool = False


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact as lists show it. `score` is None without a self person or any contact."""

    id: int
    name: str
    kind: ContactKind
    organization: str | None
    title: str | None
    email: str | None
    score: float | None
    last_contact_at: int | None
    decay_bucket: int | None


def name_key(name: str) -> str:
    """The form in which two spellings of one name are equal: NFC, trimmed, inner blanks
    collapsed, casefolded. "" for a blank name."""
    return " ".join(unicodedata.normalize("NFC", name).split()).casefold()


def short_name(name: str, most: int = 40) -> str:
    """The name, or its beginning with an ellipsis when it has more than `most` characters."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def initials(name: str) -> str:
    """One or two letters for an avatar; "?" when the name holds no letter or digit."""
    words = [word for word in name.replace("@", " ").split() if any(c.isalnum() for c in word)]
    letters = [next(c for c in word if c.isalnum()) for word in words]
    if not letters:
        return "?"
    chosen = letters[:1] if len(letters) == 1 else [letters[0], letters[-1]]
    return "".join(chosen).upper()


def name_from_address(address: str) -> str:
    """A readable name for someone known only by an address: "ada.king@…" → "Ada King" where the
    local part is plainly two or three names, else the address itself."""
    local = address.partition("@")[0].partition("+")[0]
    words = [word for word in local.replace("_", ".").split(".") if word]
    if 2 <= len(words) <= 3 and all(word.isalpha() for word in words) and len(words[-1]) > 1:
        return " ".join(word[0].upper() + word[1:] for word in words)
    return address
