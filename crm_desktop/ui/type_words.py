"""Relationship types in words and colours: how lists, forms and the map name and tint them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.domain.relationships import EntityKind
from crm_desktop.domain.wording import label_in_sentence

if TYPE_CHECKING:
    from crm_desktop.domain.relationships import RelationshipType
    from crm_desktop.ui.tokens import Theme

COLOUR_NAMES = (
    "Blue",
    "Amber",
    "Green",
    "Violet",
    "Rose",
    "Teal",
    "Olive",
    "Magenta",
    "Cobalt",
    "Brick",
    "Emerald",
    "Plum",
)
"""The twelve colours in words, the same in light and dark."""

KIND_WORDS = {EntityKind.CONTACT: "Person", EntityKind.COMPANY: "Company"}
EXAMPLES = {EntityKind.CONTACT: ("Alice", "Bob"), EntityKind.COMPANY: ("Acme", "Globex")}
"""Names for sentences: of the first and of the second end."""

_PERSON, _COMPANY = EntityKind.CONTACT, EntityKind.COMPANY
EXAMPLE_LABELS = {
    (_PERSON, _PERSON): ("Mentors", "Is mentored by"),
    (_PERSON, _COMPANY): ("Advises", "Is advised by"),
    (_COMPANY, _PERSON): ("Employs", "Works at"),
    (_COMPANY, _COMPANY): ("Invests in", "Is funded by"),
}
"""Labels to learn from, for either side, by the kinds of both ends."""

_WRITTEN_AS_CODE = re.compile(r"(?=.*_|.{5})[A-Z][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A relationship said in one sentence: "Acme", "employs", "Bob"."""

    subject: str
    label: str
    object: str

    def text(self) -> str:
        """The whole sentence."""
        return f"{self.subject} {self.label} {self.object}"


def type_colour(theme: Theme, color_index: int) -> str:
    """The colour (#rrggbb) of a relationship type in lists, on cards and on the map."""
    return theme.community(color_index)


def type_title(name: str) -> str:
    """A type's name as people write it: "Reports to" for REPORTS_TO; others stay as they are."""
    if _WRITTEN_AS_CODE.fullmatch(name) is None:
        return name
    return name.replace("_", " ").strip().capitalize()


def same_title(first: str, second: str) -> bool:
    """Whether two names of types read the same, in whichever way they are written."""
    return _key(first) == _key(second)


def _key(name: str) -> str:
    return " ".join(name.replace("_", " ").split()).casefold()


def between(from_kind: EntityKind, to_kind: EntityKind, arrow: str = "→") -> str:
    """The kinds of both ends: "Company → Person"."""
    return f"{KIND_WORDS[from_kind]} {arrow} {KIND_WORDS[to_kind]}"


def sentences(
    from_kind: EntityKind, to_kind: EntityKind, forward_label: str, reverse_label: str
) -> tuple[Sentence, ...]:
    """What a type says from both sides, with names as examples; once where both say the same."""
    is_only_company = from_kind is EntityKind.CONTACT and to_kind is EntityKind.COMPANY
    first, second = EXAMPLES[from_kind][0], EXAMPLES[to_kind][0 if is_only_company else 1]
    forward, reverse = label_in_sentence(forward_label), label_in_sentence(reverse_label)
    said = Sentence(first, forward, second)
    if forward and from_kind is to_kind and forward_label.strip() == reverse_label.strip():
        return (said,)
    return said, Sentence(second, reverse, first)


def sentences_of(type_: RelationshipType) -> tuple[Sentence, ...]:
    """See `sentences`."""
    return sentences(
        type_.from_entity_type, type_.to_entity_type, type_.forward_label, type_.reverse_label
    )
