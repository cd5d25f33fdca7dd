"""What the inspector shows a card of, and the way from one card to the next and back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

KEPT = 100


class CardKind(StrEnum):
    """What there are cards of."""

    CONTACT = "contact"
    COMPANY = "company"
    RELATIONSHIP = "relationship"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card is about."""

    kind: CardKind
    id: int


@dataclass
class Trail:
    """The subjects that were shown, and which of them is shown now."""

    subjects: list[Subject] = field(default_factory=list)
    position: int = -1

    @property
    def current(self) -> Subject | None:
        """What is shown now."""
        return self.subjects[self.position] if self.position >= 0 else None

    @property
    def can_go_back(self) -> bool:
        """Whether there is something before."""
        return self.position > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether there is something after."""
        return self.position < len(self.subjects) - 1

    def go(self, subject: Subject) -> bool:
        """Go on to another; whether it is another."""
        if subject == self.current:
            return False
        del self.subjects[self.position + 1 :]
        self.subjects.append(subject)
        del self.subjects[:-KEPT]
        self.position = len(self.subjects) - 1
        return True

    def step(self, by: int) -> bool:
        """Go back (-1) or forward (1); whether that was possible."""
        is_possible = 0 <= self.position + by < len(self.subjects)
        if is_possible:
            self.position += by
        return is_possible
