"""Display names as people would write them, out of what mail programs made of them."""

from __future__ import annotations

import re
from typing import Final

from crm_desktop.importers.charsets import clean

MAX_NAME: Final = 200

ADDRESS_WITHIN = re.compile(r"[^\s<>()\[\]\",;:@]{1,128}@[^\s<>()\[\]\",;:@]{1,253}")
X500_NAME = re.compile(r"/(?:o|ou|cn|c|a|p|s|g|dd)[=.]", re.IGNORECASE)

_EMAIL_MARK = re.compile(
    r"\s*\((?:e-?mail|email|business fax|home|work|private|smtp|internet|courriel)"
    r"(?:\s+\w{1,10})?\)\s*\Z",
    re.IGNORECASE,
)
_SPACED_DOT = re.compile(r"(?<=\w)\.\s+(?=[\w.]+\Z)")
_NAME_SUFFIX = re.compile(
    r"(?:jr|sr|ii|iii|iv|ph\.?\s?d|m\.?d|d\.?d\.?s|esq|cpa|mba|cfa|p\.?e|inc|ltd|llc|llp|l\.p|lp|"
    r"corp|co|gmbh|ag|s\.?a|plc|bv|b\.v|n\.v)\b\.?",
    re.IGNORECASE,
)
_NOTES_NAME = re.compile(r"[^\W\d_]+ [^/]*(?:/[\w &.-]+){2,5}\Z")  # "Ada Lovelace/London/Engines"
_NOT_NAMES = frozenset(
    {"", "unknown", "none", "null", "no name", "undisclosed recipients", "e-mail", "email", "-"}
)
_VIA = re.compile(r"(.+?)['\"]?\s+(?:\(?via|über|par|por)\s+(.+?)\)?\Z", re.IGNORECASE)


def clean_name(name: str, address: str = "") -> str:
    """A display name as a person would write it, or "" when it is no name.

    "Last, First" is turned round, quotes and "(E-mail)" go, an address as name is dropped.
    Company suffixes stay.
    """
    name = clean(name[: 4 * MAX_NAME]) if not name.isascii() or not name.isprintable() else name
    name = " ".join(name.replace("\\", "").split()).strip("'\"`´‘’“”<>*,; ")
    name = _EMAIL_MARK.sub("", name).strip("'\"`´‘’“” ")
    if "@" in name:
        name = _without_address(name)
    lowered = name.lower()
    if lowered in _NOT_NAMES or "=?" in name or X500_NAME.match(name):
        return ""
    if address and lowered == address.partition("@")[0] and name == lowered:
        return ""
    if name.count("/") > 1 and _NOTES_NAME.match(name):
        name = name.partition("/")[0]
    if "," in name:
        name = _turned_round(name)
    return name[:MAX_NAME].strip()


def _without_address(name: str) -> str:
    """What is left of a name that holds an address; "Corporate Benefits@ACME" keeps its words."""
    # Some programs take an address for a sentence: "Ada@Engines. Example".
    name = _SPACED_DOT.sub(".", name)
    rest = ADDRESS_WITHIN.sub("", name).strip(" -()[]<>'\",:;")
    if not rest or rest.lower() in {"on behalf of", "mailto"} or " " not in name:
        return ""
    found = ADDRESS_WITHIN.search(name)
    if found and "." not in found.group().partition("@")[2]:
        return name.replace("@" + found.group().partition("@")[2], "")
    return rest.removesuffix(" on behalf of").strip()


def _turned_round(name: str) -> str:
    """ "Lovelace, Ada M. (London)" → "Ada M. Lovelace"; other commas are left alone."""
    family, _, given = name.partition(",")
    family, given = family.strip(), given.strip()
    bracket = given.find("(")
    if bracket > 0 and given.endswith(")"):
        given = given[:bracket].strip()
    bracket = family.find("(")
    if bracket > 0 and family.endswith(")"):
        family = family[:bracket].strip()
    if not family or not given or "," in given or _NAME_SUFFIX.match(given):
        return name
    if len(family.split()) > 4 or len(given.split()) > 4:
        return name
    return f"{given} {family}"


def split_via(name: str) -> tuple[str, str]:
    """A name such as "Ada Lovelace via Engines" as (person, list); ("", "") for other names."""
    match = _VIA.match(name)
    if not match:
        return "", ""
    return match.group(1).strip("'\"‘’“” ("), match.group(2).strip("'\"‘’“” )")
