"""Companies as mail shows them: the domain behind an address, unless everybody may have one."""

from __future__ import annotations

from dataclasses import dataclass

# Mail for everyone says nothing about where a person works.
_PUBLIC_PROVIDERS = frozenset(
    [
        "126",
        "163",
        "aim",
        "alice",
        "aol",
        "arcor",
        "att",
        "bellsouth",
        "bigpond",
        "bluewin",
        "bol",
        "btinternet",
        "charter",
        "comcast",
        "compuserve",
        "cox",
        "earthlink",
        "excite",
        "fastmail",
        "freemail",
        "freenet",
        "frontier",
        "gmail",
        "gmx",
        "googlemail",
        "hanmail",
        "hey",
        "hotmail",
        "hush",
        "hushmail",
        "icloud",
        "inbox",
        "interia",
        "juno",
        "laposte",
        "libero",
        "live",
        "lycos",
        "mac",
        "mail",
        "mailbox",
        "mailinator",
        "me",
        "mindspring",
        "msn",
        "naver",
        "netscape",
        "netzero",
        "o2",
        "optonline",
        "optusnet",
        "orange",
        "outlook",
        "pacbell",
        "pobox",
        "posteo",
        "prodigy",
        "proton",
        "protonmail",
        "qq",
        "rambler",
        "rediffmail",
        "riseup",
        "rocketmail",
        "rogers",
        "sbcglobal",
        "seznam",
        "sfr",
        "shaw",
        "sina",
        "swbell",
        "sympatico",
        "talktalk",
        "telia",
        "telus",
        "tin",
        "tiscali",
        "tutamail",
        "tutanota",
        "uol",
        "usa",
        "verizon",
        "vodafone",
        "wanadoo",
        "web",
        "webmail",
        "wp",
        "xs4all",
        "yahoo",
        "yandex",
        "ymail",
        "zoho",
    ]
)
_PUBLIC_DOMAINS = frozenset(
    [
        "abv.bg",
        "bk.ru",
        "duck.com",
        "email.com",
        "email.cz",
        "free.fr",
        "googlegroups.com",
        "groups.io",
        "home.com",
        "home.nl",
        "inbox.ru",
        "list.ru",
        "localhost",
        "mail.com",
        "mail.ru",
        "online.de",
        "online.no",
        "pm.me",
        "privaterelay.appleid.com",
        "sky.com",
        "sourceforge.net",
        "t-online.de",
        "users.noreply.github.com",
        "web.de",
        "yahoogroups.com",
    ]
)
_SECOND_LEVEL = frozenset(
    [
        "ac",
        "co",
        "com",
        "edu",
        "gob",
        "gouv",
        "gov",
        "ltd",
        "mil",
        "ne",
        "net",
        "nhs",
        "nom",
        "or",
        "org",
        "plc",
        "sch",
    ]
)


@dataclass(frozen=True, slots=True)
class Company:
    """A company as lists show it."""

    id: int
    name: str
    domain: str | None


def company_domain(address: str) -> str | None:
    """The registered domain behind an address ("mail.acme.co.uk" → "acme.co.uk"); None for
    public providers, bare hosts and address literals."""
    host = address.rpartition("@")[2].strip(".").lower()
    labels = host.split(".")
    if len(labels) < 2 or not all(labels) or labels[-1].isdigit() or host.startswith("["):
        return None
    size = 3 if len(labels[-1]) == 2 and len(labels) > 2 and labels[-2] in _SECOND_LEVEL else 2
    domain = ".".join(labels[-size:])
    if domain in _PUBLIC_DOMAINS or labels[-size] in _PUBLIC_PROVIDERS or host in _PUBLIC_DOMAINS:
        return None
    return domain


def company_name_from_domain(domain: str) -> str:
    """A readable name from a domain: "big-sky.co.uk" → "Big Sky", "ibm.com" → "IBM"."""
    label = domain.split(".")[0]
    words = [word for word in label.replace("_", "-").split("-") if word]
    if len(label) <= 3:
        return label.upper()
    return " ".join(word[0].upper() + word[1:] for word in words) or domain
