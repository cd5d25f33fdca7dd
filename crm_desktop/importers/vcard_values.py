"""What the properties of a card mean: names, addresses, numbers, handles, dates, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import unquote

from crm_desktop.domain.contacts import PartialDate
from crm_desktop.importers.addresses import canonical
from crm_desktop.importers.charsets import clean, clean_lines
from crm_desktop.importers.names import MAX_NAME
from crm_desktop.importers.vcard_properties import Property

MAX_PHOTO_BYTES = 2_000_000
MAX_NOTES = 20_000
"""Characters of all notes of a card."""
MAX_LINE = 4_000
"""Characters of a value of one line that are looked at."""
APPLE_NO_YEAR = 1604

_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"BM")
_SERVICES = {
    "X-AIM": "aim",
    "X-ICQ": "icq",
    "X-JABBER": "xmpp",
    "X-MSN": "msn",
    "X-YAHOO": "yahoo",
    "X-YAHOO-ID": "yahoo",
    "X-SKYPE": "skype",
    "X-SKYPE-USERNAME": "skype",
    "X-GTALK": "xmpp",
    "X-GOOGLE-TALK": "xmpp",
    "X-QQ": "qq",
    "X-GADUGADU": "gadugadu",
    "X-GROUPWISE": "groupwise",
    "X-SIP": "sip",
    "X-MS-IMADDRESS": "im",
    "X-TWITTER": "twitter",
    "X-TELEGRAM": "telegram",
    "X-SIGNAL": "signal",
    "X-MATRIX": "matrix",
    "X-MASTODON": "mastodon",
    "X-LINKEDIN": "linkedin",
    "X-FACEBOOK": "facebook",
    "X-INSTAGRAM": "instagram",
    "X-GITHUB": "github",
}
_SERVICE_NAMES = {
    "jabber": "xmpp",
    "gtalk": "xmpp",
    "googletalk": "xmpp",
    "google talk": "xmpp",
    "ymsgr": "yahoo",
}
_RELATIONS = {
    "X-SPOUSE": "spouse",
    "X-MANAGER": "manager",
    "X-ASSISTANT": "assistant",
    "X-CHILD": "child",
    "X-EVOLUTION-SPOUSE": "spouse",
    "X-EVOLUTION-MANAGER": "manager",
    "X-EVOLUTION-ASSISTANT": "assistant",
    "X-KADDRESSBOOK-X-SPOUSESNAME": "spouse",
    "X-KADDRESSBOOK-X-MANAGERSNAME": "manager",
    "X-KADDRESSBOOK-X-ASSISTANTSNAME": "assistant",
    "X-MS-SPOUSE": "spouse",
    "X-MS-MANAGER": "manager",
    "X-MS-ASSISTANT": "assistant",
    "X-MS-CHILD": "child",
}
_NOISE_CATEGORIES = {"mycontacts", "my contacts"}
_FAX = ("FAX", "HOMEFAX", "WORKFAX", "MODEM", "BBS", "PAGER")


def one_line(text: str) -> str:
    """Text with every run of blanks, line ends and control characters as one blank."""
    return clean(text[:MAX_LINE])


def short_line(text: str) -> str:
    """`one_line`, no longer than a name may be."""
    return one_line(text)[:MAX_NAME].strip()


def structured_name(found: Sequence[Property]) -> tuple[str, str, str]:
    """Given name, family name and the whole name in the order it is spoken, from N."""
    for prop in found:
        parts = [one_line(", ".join(part.split("\n"))) for part in prop.components()]
        parts += [""] * (5 - len(parts))
        family, given, additional, prefix, suffix = (part.strip(" ,") for part in parts[:5])
        if not any((family, given, additional)):
            continue
        if _is_ideographic(family) and _is_ideographic(given):
            whole = family + given
        else:
            whole = " ".join((prefix, given, additional, family, suffix))
        return short_line(given), short_line(family), short_line(whole)
    return "", "", ""


def _is_ideographic(text: str) -> bool:
    return bool(text) and all(
        "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af"
        for char in text
    )


def organization(found: Sequence[Property]) -> str:
    """The organisation's name; departments are left out."""
    for prop in found:
        name = short_line(prop.components()[0])
        if name:
            return name
    return ""


def _preferred_first(found: Iterable[Property]) -> list[Property]:
    return sorted(found, key=lambda prop: not prop.is_preferred)


def emails(found: Iterable[Property]) -> tuple[str, ...]:
    """Canonical addresses, the preferred one first."""
    addresses: dict[str, None] = {}
    for prop in _preferred_first(found):
        for piece in re.split(r"[,;\s<>\"]+", prop.text()):
            address = unquote(piece[7:]) if piece[:7].lower() == "mailto:" else piece
            address = canonical(address.strip("'()[]."))
            local, at, domain = address.rpartition("@")
            if not (at and local and domain) or "@" in local or len(address) > 254:
                continue
            if address.isprintable():
                addresses[address] = None
    return tuple(addresses)


def phones(found: Iterable[Property]) -> tuple[str, ...]:
    """Numbers as written, the preferred one first; machines (fax, pager) are nobody's number."""
    numbers: dict[str, None] = {}
    for prop in _preferred_first(found):
        if prop.is_type(*_FAX):
            continue
        text = one_line(prop.text())
        if text[:4].lower() == "tel:":
            number, *parameters = unquote(text[4:]).split(";")
            extension = next((p[4:] for p in parameters if p.lower().startswith("ext=")), "")
            text = one_line(f"{number} ext. {extension}" if extension else number)
        if sum(char.isdigit() for char in text) >= 3 and len(text) <= 60:
            numbers[text] = None
    return tuple(numbers)


def handles(found: Iterable[Property]) -> tuple[str, ...]:
    """Names in chat services as service:name, such as xmpp:nora@chat.example."""
    names: dict[str, None] = {}
    for prop in found:
        service = _SERVICES.get(prop.name, "")
        if not service and prop.name not in ("IMPP", "X-SOCIALPROFILE", "SOCIALPROFILE"):
            continue
        text = one_line(unquote(prop.text()))
        types = prop.params.get("TYPE", ()) if prop.name != "IMPP" else ()
        service = (
            service
            or prop.params.get("X-SERVICE-TYPE", prop.params.get("SERVICE-TYPE", ("",)))[0]
            or next((t for t in types if t.upper() not in ("HOME", "WORK", "PREF", "OTHER")), "")
        )
        service = short_line(service).lower()
        scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):/*", text)
        if re.match(r"https?://", text, re.IGNORECASE):
            text = text.rstrip("/").rpartition("/")[2]
        elif scheme is not None:
            # x-apple and im say no more than that it is a chat.
            said = "" if scheme[1].lower() in ("x-apple", "im") else scheme[1].lower()
            if not service or service == said or prop.name == "IMPP":
                service = said or service
                text = text[scheme.end() :]
        service = _SERVICE_NAMES.get(service, service) or "im"
        name = text.partition("?")[0].strip().lstrip("@").lower()
        if name and len(name) <= 254:
            names[f"{service}:{name}"] = None
    return tuple(names)


def birthday(found: Sequence[Property]) -> PartialDate | None:
    """The birthday with the parts that are known, or None."""
    for prop in found:
        parsed = partial_date(prop.text())
        if parsed is None:
            continue
        omitted = prop.params.get("X-APPLE-OMIT-YEAR", ("",))[0]
        if parsed.year == APPLE_NO_YEAR or (omitted and omitted == str(parsed.year)):
            return PartialDate(None, parsed.month, parsed.day) if parsed.month else None
        return parsed
    return None


_DATE_FORMS = (
    r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)",
    r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})",
    r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",
    r"(?P<year>\d{4})-(?P<month>\d\d)",
    r"(?P<year>\d{4})",
    r"--(?P<month>\d\d)-?(?P<day>\d\d)",
    r"--(?P<month>\d\d)",
)
_DATE = tuple(re.compile(form + r"(?:[T ].*)?", re.DOTALL) for form in _DATE_FORMS)


def partial_date(text: str) -> PartialDate | None:
    """The date of a vCard value: 1985-04-12, 19850412, 1985-04, 1985, --0412, with or without
    a time. None when it is none of them or no such day exists."""
    for form in _DATE:
        match = form.fullmatch(text.strip())
        if match is None:
            continue
        parts = match.groupdict()
        year = int(parts.get("year") or 0) or None
        month = int(parts["month"]) if parts.get("month") else None
        day = int(parts["day"]) if parts.get("day") else None
        if year is None and month is None:
            return None
        try:
            # 2000 is a leap year: 29 February is a birthday even without its year.
            date(year or 2000, month or 1, day or 1)
        except ValueError:
            return None
        return PartialDate(year, month, day)
    return None


def notes(found: Iterable[Property]) -> str:
    """All notes, a blank line between them, without control characters."""
    texts = (clean_lines(prop.text()[:MAX_NOTES]).strip() for prop in found)
    return "\n\n".join(dict.fromkeys(text for text in texts if text))[:MAX_NOTES].rstrip()


def categories(found: Iterable[Property]) -> tuple[str, ...]:
    """The card's categories; those that every card of an address book bears are left out."""
    names: dict[str, None] = {}
    for prop in found:
        # Some write the separating commas escaped; no category holds a comma on purpose.
        for piece in prop.text().split(","):
            name = short_line(piece).removeprefix("* ").strip()
            if name and name.lower() not in _NOISE_CATEGORIES:
                names[name] = None
    return tuple(names)


def related(found: Iterable[Property], labels: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """(relation, name or uri) pairs; `labels` are the X-ABLabel texts by group."""
    pairs: dict[tuple[str, str], None] = {}
    for prop in found:
        if prop.name in _RELATIONS:
            relation = _RELATIONS[prop.name]
        elif prop.name == "RELATED":
            types = (short_line(t).lower() for t in prop.params.get("TYPE", ()))
            relation = next((t for t in types if t not in ("", "pref", "home", "work")), "related")
        elif prop.name == "X-ABRELATEDNAMES":
            label = re.sub(r"^_\$!<(.*)>!\$_$", r"\1", labels.get(prop.group, ""))
            relation = short_line(label).lower() or "related"
        else:
            continue
        name = short_line(prop.text())
        if name:
            pairs[relation, name] = None
    return tuple(pairs)


def uid(text: str) -> str:
    """A card's own id without the urn:uuid: that some write before it."""
    return text[9:] if text[:9].lower() == "urn:uuid:" else text


def photo(found: Iterable[Property]) -> bytes | None:
    """The first picture of a sensible size that looks like one. Pictures elsewhere on the
    network are not fetched."""
    for prop in found:
        data = prop.binary()
        if data is None or len(data) > MAX_PHOTO_BYTES:
            continue
        if data.startswith(_IMAGES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
            return data
    return None
