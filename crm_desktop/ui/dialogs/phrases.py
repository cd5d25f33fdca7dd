"""How two may be connected, said from the side of the first: a type in one of its directions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from crm_desktop.domain.relationships import EntityKind, RelationshipType
from crm_desktop.ui.type_words import type_title


@dataclass(frozen=True, slots=True)
class Phrase:
    """A type read forwards, or from its second end."""

    type: RelationshipType
    is_forward: bool

    @property
    def label(self) -> str:
        """The words between the two: "Works at"."""
        return self.type.forward_label if self.is_forward else self.type.reverse_label

    @property
    def kinds(self) -> tuple[EntityKind, EntityKind]:
        """What stands before and after the words."""
        kinds = self.type.from_entity_type, self.type.to_entity_type
        return kinds if self.is_forward else kinds[::-1]

    def ends(self, first: int, second: int) -> tuple[int, int]:
        """The ids of both in the order of the type."""
        return (first, second) if self.is_forward else (second, first)

    def fits(self, first: EntityKind | None, second: EntityKind | None) -> bool:
        """Whether it can be said of these; None is anything."""
        return first in (None, self.kinds[0]) and second in (None, self.kinds[1])


def phrases(types: Iterable[RelationshipType]) -> tuple[Phrase, ...]:
    """All that can be said with these types, by their words; once where both sides say the same."""
    found = []
    for kind in types:
        found.append(Phrase(kind, True))
        if not kind.is_symmetric:
            found.append(Phrase(kind, False))
    return tuple(sorted(found, key=lambda phrase: (phrase.label.casefold(), phrase.type.id)))


def words_of(offered: Iterable[Phrase]) -> list[str]:
    """The phrases as a list shows them; those that read the same name their types."""
    offered = list(offered)
    counts = Counter(phrase.label.casefold() for phrase in offered)
    return [
        phrase.label
        if counts[phrase.label.casefold()] == 1
        else f"{phrase.label} ({type_title(phrase.type.name)})"
        for phrase in offered
    ]
