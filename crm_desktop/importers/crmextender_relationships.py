"""The relationships of a CRMExtender database that somebody entered, and their types.

Of version 3 only texts are known, which become types by the rules of the migration. What was
inferred is left out: it is found again from the conversations.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from hashlib import blake2b
from typing import Any

from crm_desktop.domain.crmextender import (
    KNOWS,
    RELATIONSHIPS,
    SEEDS,
    TYPES,
    Ends,
    Version,
    end_columns,
    entity_kind,
    label_of,
    plan_types,
)
from crm_desktop.domain.imports import Reject
from crm_desktop.domain.records import RelationshipDraft, TypeDraft
from crm_desktop.domain.relationships import KNOWS_TYPE_ID, EntityKind, RelationshipSource
from crm_desktop.importers.crmextender_people import People
from crm_desktop.importers.crmextender_rows import Rows, text
from crm_desktop.importers.names import MAX_NAME
from crm_desktop.importers.vcard_values import MAX_LINE, one_line, short_line

NO_TYPE = "a relationship whose type is not in the database"
NO_END = "a relationship of somebody who is not in the database"
ODD_END = "a relationship with something that is neither a person nor a company"

_SEED_IDS = frozenset(seed.id for seed in SEEDS)

_Key = tuple[str, EntityKind, EntityKind]


class Relationships:
    """The relationships and types of a file."""

    def __init__(self, rows: Rows, people: People) -> None:
        self._rows = rows
        self._people = people
        self._is_v3 = rows.version is Version.V3

    @cached_property
    def _types(self) -> dict[_Key, TypeDraft]:
        """The type of each name, as relationships have it, with its ends, without a place."""
        return self._v3_types() if self._is_v3 else self._v4_types()

    def _v3_types(self) -> dict[_Key, TypeDraft]:
        used = self._used("r.relationship_type")
        planned = plan_types([(name, (first, second)) for name, first, second in used])
        return {
            key: _type(
                plan.type.name,
                key[1:],
                (plan.type.forward_label, plan.type.reverse_label),
                "" if not plan.is_new else plan.type.description or "",
            )
            for key, plan in zip(used, planned, strict=True)
            if plan.source is not RelationshipSource.INFERRED
        }

    def _v4_types(self) -> dict[_Key, TypeDraft]:
        names = ("name", "from_entity_type", "to_entity_type", "forward_label", "reverse_label")
        columns = ", ".join(self._rows.column(TYPES, name) for name in (*names, "description"))
        used = self._used("r.relationship_type_id")
        found: dict[_Key, TypeDraft] = {}
        for id_, name, first, second, forward, reverse, description in self._rows.select(
            f"SELECT id, {columns} FROM {TYPES}"
        ):
            key = text(id_)
            labels = tuple(
                short_line(text(label)) or label_of(text(name)) for label in (forward, reverse)
            )
            own = (entity_kind(first), entity_kind(second))
            # A type that nobody made and nobody uses is not worth bringing in.
            wanted = [ends for ends in _all_ends() if (key, *ends) in used]
            if key not in _SEED_IDS and own not in wanted:
                wanted.append(own)
            for ends in wanted:
                if text(name).strip():
                    found[(key, *ends)] = _type(
                        text(name), ends, (labels[0], labels[1]), one_line(text(description))
                    )
        return found

    def _used(self, column: str) -> list[_Key]:
        """Type and ends of the relationships that are read, in a stable order."""
        kinds = ", ".join(self._kind(name) for name in ("from_entity_type", "to_entity_type"))
        found = {
            (text(name), entity_kind(first), entity_kind(second))
            for name, first, second in self._rows.select(
                f"SELECT DISTINCT {column}, {kinds} FROM {RELATIONSHIPS} r{self._condition}"
            )
        }
        return sorted(found)

    def _kind(self, name: str) -> str:
        return f"r.{name}" if self._rows.has(RELATIONSHIPS, name) else "'contact'"

    @property
    def _condition(self) -> str:
        """SQL that leaves out what was inferred between people."""
        people = " AND ".join(
            f"coalesce({self._kind(name)}, 'contact') <> 'company'"
            for name in ("from_entity_type", "to_entity_type")
        )
        if self._is_v3:
            return f" WHERE NOT (coalesce(r.relationship_type, '') = '{KNOWS}' AND {people})"
        if not self._rows.has(RELATIONSHIPS, "source"):
            return ""
        return (
            f" WHERE NOT (coalesce(r.source, '') = 'inferred' AND {people}"
            f" AND (r.relationship_type_id = '{KNOWS_TYPE_ID}' OR coalesce((SELECT t.name"
            f" FROM {TYPES} t WHERE t.id = r.relationship_type_id), '') = '{KNOWS}'))"
        )

    def types(self) -> Iterator[TypeDraft]:
        """Every type that somebody made, and those of the others that are used."""
        for draft in self._types.values():
            yield TypeDraft(
                draft.name,
                draft.from_entity_type,
                draft.to_entity_type,
                draft.forward_label,
                draft.reverse_label,
                self._rows.next_offset(),
                draft.description,
            )

    def drafts(self) -> Iterator[RelationshipDraft | Reject]:
        """Every relationship that somebody entered."""
        ends = end_columns(self._rows.columns[RELATIONSHIPS])
        assert ends is not None, "what has no ends is not recognised"
        column = "relationship_type" if self._is_v3 else "relationship_type_id"
        kinds = ", ".join(self._kind(name) for name in ("from_entity_type", "to_entity_type"))
        for ordinal, row in enumerate(
            self._rows.select(
                f"SELECT r.{column}, {kinds}, r.{ends[0]}, r.{ends[1]}"
                f" FROM {RELATIONSHIPS} r{self._condition}"
            ),
            1,
        ):
            where = f"{self._rows.name}, relationship {ordinal}"
            yield self._draft(row, where, self._rows.next_offset())

    def _draft(self, row: tuple[Any, ...], where: str, offset: int) -> RelationshipDraft | Reject:
        name, first, second, from_id, to_id = row
        if not {text(first or "contact"), text(second or "contact")} <= {*EntityKind}:
            return Reject(where, ODD_END, offset)
        kinds = (entity_kind(first), entity_kind(second))
        type_ = self._types.get((text(name), *kinds))
        if type_ is None:
            return Reject(where, NO_TYPE, offset)
        keys = [self._key(kind, id_) for kind, id_ in zip(kinds, (from_id, to_id), strict=True)]
        if not all(keys):
            return Reject(where, NO_END, offset)
        return RelationshipDraft(type_.name, kinds[0], keys[0], kinds[1], keys[1], where, offset)

    def _key(self, kind: EntityKind, id_: object) -> str:
        if kind is EntityKind.COMPANY:
            return self._people.companies.get(text(id_), ("", ""))[0]
        return self._people.uids.get(text(id_), "")


def _all_ends() -> list[Ends]:
    return [(first, second) for first in EntityKind for second in EntityKind]


def _type(name: str, ends: Ends, labels: tuple[str, str], description: str) -> TypeDraft:
    """A type with a name that can be shown; one that had to be cut stays distinct."""
    shown = short_line(name) or "Unnamed"
    if len(one_line(name)) > MAX_NAME or len(name) > MAX_LINE:
        digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
        shown = f"{shown[: MAX_NAME - 12].strip()} {digest}"
    forward, reverse = (short_line(label) or shown for label in labels)
    return TypeDraft(shown, *ends, forward, reverse, 0, description[:MAX_LINE])
