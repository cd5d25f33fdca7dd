"""What a person's edits are remembered by, so that imports leave them alone.

`edited_fields` of a contact or company is a list of marks: the names of columns that the person
has set, PRIMARY for the choice of the primary identifier, and marks of what the person took away
or renamed. A mark of the second kind has a colon; a column never does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from crm_desktop.domain.contacts import IdentifierKind, name_key

PRIMARY = "primary"
"""The person chose the primary identifier."""

MERGED = "merged"
"""The person said that all identifiers of the contact are one person's."""

TAG, FORMER_NAME, FORMER_DOMAIN = "tag:", "was:", "domain:"


def removed_tag(tag: str) -> str:
    """The mark of a tag that imports shall not bring back."""
    return f"{TAG}{tag.casefold()}"


def removed_identifier(kind: IdentifierKind | str, value: str) -> str:
    """The mark of an identifier (canonical value) that cards shall not bring back."""
    return f"{kind}:{value}"


def former_name(name: str) -> str:
    """The mark of a name by which imports still know a company."""
    return FORMER_NAME + name_key(name)


def former_domain(domain: str) -> str:
    """The mark of a domain whose people still belong to a company."""
    return FORMER_DOMAIN + domain


def edited_columns(marks: Iterable[str]) -> frozenset[str]:
    """The marks that stand for something the person set."""
    return frozenset(mark for mark in marks if ":" not in mark) - {MERGED}


def marks_json(marks: Iterable[str]) -> str:
    """The marks as `edited_fields` holds them, the same text for the same marks."""
    return json.dumps(sorted(set(marks)), ensure_ascii=False)


def marks_of(text: str) -> frozenset[str]:
    """The marks in a value of `edited_fields`."""
    return frozenset(json.loads(text))
