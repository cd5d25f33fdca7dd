"""A relationship type as it stands in the form: what was typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crm_desktop.domain.relationships import EntityKind
from crm_desktop.domain.wording import one_line
from crm_desktop.ui.type_words import EXAMPLE_LABELS, same_title, sentences, type_title

if TYPE_CHECKING:
    from crm_desktop.domain.relationships import RelationshipType
    from crm_desktop.ui.type_words import Sentence

NAME, FORWARD, REVERSE = "name", "forward_label", "reverse_label"
"""The fields that can be wrong."""


@dataclass(frozen=True, slots=True)
class TypeDraft:
    """What the form holds. Texts are as typed; `tidy` is how they are stored."""

    name: str = ""
    from_kind: EntityKind = EntityKind.CONTACT
    to_kind: EntityKind = EntityKind.CONTACT
    forward_label: str = ""
    reverse_label: str = ""
    description: str = ""
    color_index: int = 0

    @classmethod
    def of(cls, type_: RelationshipType) -> TypeDraft:
        """The form before anything is typed."""
        return cls(
            type_.name,
            type_.from_entity_type,
            type_.to_entity_type,
            type_.forward_label,
            type_.reverse_label,
            type_.description or "",
            type_.color_index,
        )

    def tidy(self) -> TypeDraft:
        """The same without blanks that nobody sees."""
        return TypeDraft(
            one_line(self.name),
            self.from_kind,
            self.to_kind,
            one_line(self.forward_label),
            one_line(self.reverse_label),
            one_line(self.description),
            self.color_index,
        )

    def changes_from(self, before: TypeDraft) -> dict[str, str | int]:
        """What can be changed of a type and is other than before, by the name of its field."""
        now, then = self.tidy(), before.tidy()
        return {
            name: getattr(now, name)
            for name in (FORWARD, REVERSE, "description", "color_index")
            if getattr(now, name) != getattr(then, name)
        }

    def sentences(self) -> tuple[Sentence, ...]:
        """What it says from both sides."""
        return sentences(self.from_kind, self.to_kind, self.forward_label, self.reverse_label)

    def blanks(self) -> dict[str, str]:
        """What is missing, said under the field that it concerns."""
        missing = {}
        forward, reverse = EXAMPLE_LABELS[self.from_kind, self.to_kind]
        if not self.name.strip():
            missing[NAME] = "Give the type a name."
        if not self.forward_label.strip():
            missing[FORWARD] = f"Write what this card says, such as “{forward}”."
        if not self.reverse_label.strip():
            missing[REVERSE] = f"Write what this card says, such as “{reverse}”."
        return missing

    def clash(self, names: Iterable[str]) -> dict[str, str]:
        """What is said under the name when one of the names of other types reads the same."""
        taken = next((name for name in names if same_title(name, self.name)), None)
        if taken is None or not self.name.strip():
            return {}
        return {NAME: f"There is already a type “{type_title(taken)}”. Choose another name."}


def free_colour(types: Iterable[RelationshipType], count: int) -> int:
    """The first of `count` colours that fewest types have."""
    used = [type_.color_index % count for type_ in types]
    return min(range(count), key=used.count)
