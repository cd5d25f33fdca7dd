"""Text that people type, made fit to be stored and compared."""

from __future__ import annotations

import unicodedata

from crm_desktop.base.errors import InvalidInput


def one_line(text: str) -> str:
    """A name or label: composed (NFC), blanks collapsed and trimmed, nothing invisible in it."""
    return " ".join(_storable(text).split())


def paragraphs(text: str) -> str:
    """A longer text: composed (NFC), trimmed, with line feeds but no other control characters."""
    lines = _storable(text.replace("\r\n", "\n").replace("\r", "\n"), kept="\n\t")
    return "\n".join(line.rstrip() for line in lines.split("\n")).strip()


def within(text: str, most: int, what: str) -> str:
    """The text, if it has at most `most` characters. Raises InvalidInput; `what` begins the
    sentence: "The name"."""
    if len(text) > most:
        raise InvalidInput(
            f"{what} is {len(text):,} characters long. Shorten it to at most {most:,}."
        )
    return text


def sentence(first: str, label: str, second: str) -> str:
    """A relationship in words, the label in small letters: "Acme employs Bob"."""
    return f"{first} {label_in_sentence(label)} {second}"


def label_in_sentence(label: str) -> str:
    """A label between two names: "employs" for "Employs", but "CEO of" as it is."""
    label = label.strip()
    first_word = label.split(maxsplit=1)[0] if label else ""
    is_plain = first_word[1:] == first_word[1:].lower()
    return label[:1].lower() + label[1:] if is_plain else label


def _storable(text: str, kept: str = "") -> str:
    """Text without lone surrogates and NUL, which SQLite does not take, and with blanks for other
    control characters."""
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode())
    return "".join(
        character if character in kept or unicodedata.category(character) != "Cc" else " "
        for character in composed
    )
