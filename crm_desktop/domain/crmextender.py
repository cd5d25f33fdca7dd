"""Databases of CRMExtender: what their versions 3 and 4 say of relationships.

Version 3 has one free text per relationship, nearly always KNOWS; version 4 has a catalogue of
types. The migration of such a file and its import name the types by the same rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import Final

from crm_desktop.domain.relationships import (
    EntityKind,
    RelationshipSource,
    RelationshipType,
)

KNOWS: Final = "KNOWS"
NAMELESS: Final = "UNNAMED"
MAX_LABEL: Final = 200
MAX_QUOTED: Final = 200

Ends = tuple[EntityKind, EntityKind]

_PEOPLE: Final = (EntityKind.CONTACT, EntityKind.CONTACT)
_COMPANIES: Final = (EntityKind.COMPANY, EntityKind.COMPANY)
_STAFF: Final = (EntityKind.COMPANY, EntityKind.CONTACT)


def _seed(
    name: str, ends: Ends, labels: tuple[str, str], description: str, is_system: bool = False
) -> RelationshipType:
    id_ = f"rt-{name.lower().replace('_', '-')}"
    return RelationshipType(id_, name, *ends, *labels, is_system, description)


SEEDS: Final = (
    _seed(KNOWS, _PEOPLE, ("Knows", "Knows"), "Auto-inferred co-occurrence", True),
    _seed("EMPLOYEE", _STAFF, ("Employs", "Works at"), "Employment relationship"),
    _seed("REPORTS_TO", _PEOPLE, ("Has direct report", "Reports to"), "Reporting chain"),
    _seed("WORKS_WITH", _PEOPLE, ("Works with", "Works with"), "Peer / collaborator"),
    _seed("PARTNER", _COMPANIES, ("Partners with", "Partners with"), "Business partnership"),
    _seed(
        "VENDOR", _COMPANIES, ("Is a vendor of", "Is a client of"), "Vendor / client relationship"
    ),
)
"""The types that every database of version 4 is created with."""


class Version(StrEnum):
    """What a database is, by its tables."""

    V3 = "3"
    V4 = "4"
    OTHER = "other"


RELATIONSHIPS: Final = "relationships"
TYPES: Final = "relationship_types"


def version_of(columns: Mapping[str, Collection[str]]) -> Version:
    """The version of CRMExtender that made a database with these columns by table."""
    known = columns.get(RELATIONSHIPS, ())
    if "id" not in known or end_columns(known) is None:
        return Version.OTHER
    if "relationship_type_id" in known:
        is_whole = {"id", "name"} <= set(columns.get(TYPES, ()))
        return Version.V4 if is_whole else Version.OTHER
    return Version.V3 if "relationship_type" in known else Version.OTHER


def end_columns(columns: Collection[str]) -> tuple[str, str] | None:
    """The columns of `relationships` that name the two ends; the oldest knew contacts only."""
    for pair in (("from_entity_id", "to_entity_id"), ("from_contact_id", "to_contact_id")):
        if set(pair) <= set(columns):
            return pair
    return None


def entity_kind(text: object) -> EntityKind:
    """The end that a type is declared for; whatever is no company counts as a contact, as which
    version 3 declares its ends by default."""
    return EntityKind.COMPANY if text == EntityKind.COMPANY.value else EntityKind.CONTACT


@dataclass(frozen=True, slots=True)
class PlannedType:
    """What the relationships of one free text, between ends of these kinds, become: of the type
    `type`, which `is_new` says is to be created, and entered by `source`."""

    text: str
    type: RelationshipType
    source: RelationshipSource
    is_new: bool


def plan_types(
    found: Iterable[tuple[str, Ends]], existing: Collection[RelationshipType] = SEEDS
) -> list[PlannedType]:
    """For each free text with its ends, in the order given, the type it becomes.

    KNOWS between people was inferred. Any other text was somebody's own and becomes manual, of
    the existing type of just that name and those ends or of a new one; two entries never share a
    type, so that two relationships of one pair stay two.
    """
    entries = list(found)
    repeated = Counter(text.strip() for text, _ in entries)
    by_key = {
        (known.name, known.from_entity_type, known.to_entity_type): known for known in existing
    }
    catalogue = list(existing)
    used: set[str] = set()
    planned = []
    for text, ends in entries:
        known = by_key.get((text, *ends))
        is_inferred = text == KNOWS and ends == _PEOPLE
        is_new = known is None or known.id in used or (known.is_system and not is_inferred)
        if known is None or is_new:
            is_inferred = False
            needs_ends = text.strip() in {seed.name for seed in existing} or (
                repeated[text.strip()] > 1 and ends != _PEOPLE
            )
            known = _new_type(text, ends, needs_ends, catalogue)
            catalogue.append(known)
        used.add(known.id)
        source = RelationshipSource.INFERRED if is_inferred else RelationshipSource.MANUAL
        planned.append(PlannedType(text, known, source, is_new))
    return planned


def _new_type(
    text: str, ends: Ends, needs_ends: bool, catalogue: Iterable[RelationshipType]
) -> RelationshipType:
    names = {known.name for known in catalogue}
    ids = {known.id for known in catalogue}
    plain = text.strip() or NAMELESS
    name = f"{plain} ({ends[0]} to {ends[1]})" if needs_ends else plain
    name = _unlike(name, names, " ({})")
    slug = re.sub(r"[^a-z0-9]+", "-", plain[:60].lower()).strip("-")
    if not slug or not plain.isascii():
        slug = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    label = label_of(plain)
    return RelationshipType(
        _unlike(f"rt-{slug}", ids, "-{}"),
        name,
        *ends,
        label,
        f"{label} (reverse)",
        False,
        f"“{text[:MAX_QUOTED]}” in CRMExtender",
    )


def _unlike(wanted: str, taken: Collection[str], suffix: str) -> str:
    candidate, number = wanted, 1
    while candidate in taken:
        number += 1
        candidate = wanted + suffix.format(number)
    return candidate


def label_of(text: str) -> str:
    """Words for a label from a type's free text: "MENTOR_OF" → "Mentor of"."""
    characters = (" " if unicodedata.category(c)[0] == "C" else c for c in text[: 2 * MAX_LABEL])
    words = " ".join("".join(characters).replace("_", " ").split())[:MAX_LABEL].strip()
    if words.isupper():
        words = words.lower()
    return words[:1].upper() + words[1:] if words else NAMELESS.capitalize()


@dataclass(frozen=True, slots=True)
class MovedType:
    """How many relationships of one free text became relationships of one type."""

    text: str
    type_id: str
    name: str
    forward_label: str
    reverse_label: str
    source: RelationshipSource
    is_new: bool
    count: int


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """What a migration did, or would do. `is_needed` is False for a file of version 4 already,
    which stays as it is. `backup` is where the file as it was is kept, None without one.
    `broken_references` counts rows of the file that already referred to rows that are gone.
    """

    path: Path
    is_dry_run: bool
    is_needed: bool
    backup: Path | None = None
    relationships: int = 0
    types: tuple[MovedType, ...] = ()
    broken_references: int = 0
