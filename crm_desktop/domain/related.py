"""What address-book cards call those whom somebody is related to, and which type that is."""

from __future__ import annotations

from dataclasses import dataclass

from crm_desktop.domain.relationships import EntityKind, RelationshipType

EMPLOYEE_TYPE_ID = "rt-employee"
CARD_TYPE_PREFIX = "rt-card-"
"""Begins the ids of types that are made when a card first needs them."""


def _type(word: str, forward: str, reverse: str, color_index: int) -> RelationshipType:
    return RelationshipType(
        f"{CARD_TYPE_PREFIX}{word}",
        word.replace("-", "_").upper(),
        EntityKind.CONTACT,
        EntityKind.CONTACT,
        forward,
        reverse,
        description="From address-book cards",
        color_index=color_index,
    )


_CONNECTION = _type("connection", "Is connected with", "Is connected with", 11)
_CARD_TYPES = (
    _type("spouse", "Is married to", "Is married to", 6),
    _type("life-partner", "Is the partner of", "Is the partner of", 6),
    _type("parent", "Is a parent of", "Is a child of", 7),
    _type("grandparent", "Is a grandparent of", "Is a grandchild of", 7),
    _type("sibling", "Is a sibling of", "Is a sibling of", 7),
    _type("family", "Is family of", "Is family of", 7),
    _type("friend", "Is a friend of", "Is a friend of", 8),
    _type("acquaintance", "Is acquainted with", "Is acquainted with", 8),
    _type("neighbour", "Is a neighbour of", "Is a neighbour of", 9),
    _type("housemate", "Lives with", "Lives with", 9),
    _type("assistant", "Assists", "Is assisted by", 10),
    _type("agent", "Acts for", "Is represented by", 10),
    _type("emergency-contact", "Is the emergency contact of", "Has the emergency contact", 10),
    _CONNECTION,
)
CARD_TYPES: dict[str, RelationshipType] = {type_.id: type_ for type_ in _CARD_TYPES}
"""The types that cards may need beyond those of a new database, by id."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a card's word means: the type, whether the person named on the card is the first end,
    and whether the word says more than the type does."""

    type_id: str
    named_is_first: bool = True
    says_more: bool = False


def _relations() -> dict[str, Relation]:
    table = {
        # type: its own words, words that say more; those after "<" have the owner first
        "spouse": "spouse | husband wife",
        "life-partner": "partner domestic-partner sweetheart | boyfriend girlfriend fiancé fiancée",
        "parent": "parent | mother father mom mum dad",
        "parent<": "child | son daughter",
        "grandparent": "grandparent | grandmother grandfather grandma grandpa",
        "grandparent<": "grandchild | grandson granddaughter",
        "sibling": "sibling | brother sister",
        "family": "family kin relative | aunt uncle cousin niece nephew godparent godmother"
        " godfather godchild stepmother stepfather stepson stepdaughter mother-in-law"
        " father-in-law sister-in-law brother-in-law son-in-law daughter-in-law",
        "friend": "friend | best-friend",
        "acquaintance": "acquaintance contact met |",
        "neighbour": "neighbor neighbour |",
        "housemate": "co-resident housemate roommate flatmate |",
        "assistant": "assistant | secretary",
        "agent": "agent |",
        "emergency-contact": "emergency emergency-contact |",
    }
    found: dict[str, Relation] = {}
    for name, words in table.items():
        plain, _, more = words.partition("|")
        type_id = CARD_TYPE_PREFIX + name.removesuffix("<")
        for said, says_more in ((plain, False), (more, True)):
            for word in said.split():
                found[word] = Relation(type_id, not name.endswith("<"), says_more)
    for word in ("colleague", "co-worker", "coworker"):
        found[word] = Relation("rt-works-with")
    for word, says_more in (("manager", False), ("supervisor", True), ("boss", True)):
        found[word] = Relation("rt-reports-to", True, says_more)
    for word in ("direct-report", "subordinate", "report"):
        found[word] = Relation("rt-reports-to", False)
    found["related"] = Relation(_CONNECTION.id)
    return found


_RELATIONS = _relations()


def relation(word: str) -> Relation:
    """What a card means by calling somebody this: "mother", "Co-worker", "godfather"."""
    key = "-".join(word.casefold().replace("_", " ").replace("-", " ").split())
    return _RELATIONS.get(key, Relation(_CONNECTION.id, says_more=True))
