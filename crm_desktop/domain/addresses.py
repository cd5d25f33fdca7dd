"""What an address stands for: a person, a role, a list or a machine, judged from its spelling."""

from __future__ import annotations

import re
from functools import lru_cache

from crm_desktop.domain.contacts import ContactKind

_SPLIT = re.compile(r"[._+=-]+")
_WORD_BREAK = r"(?:[._+=-].*)?"

_BOT = re.compile(
    rf"""(?:.*[._+-])?(?:
      (?:do|dont|donot)[._-]?not?[._-]?reply | don[o']?t[._-]?reply | noreply.*
    | no[._-]?repl(?:y|ys|ies|ying) | mailer[._-]?daemon | mail[._-]?daemon | daemon | mdaemon
    | bounces? | undeliverable | autoreply.* | notify | notifications? | notifier | alerts?
    | auto[._-]?(?:mated|matic|mailer|reply|responder|response|notify|confirm)
    | unsubscribe.* | reminders? | (?:ship|order)-?confirm(?:ation)?
    ){_WORD_BREAK} | (?:.*[_-])?(?:auto|ro?bot|bot|mailbot|cron|nobody|system)""",
    re.VERBOSE,
)
_LIST_SERVICE = re.compile(
    r"owner[._-].+|"
    r".+[._-](?:request|owner|bounces?|admin|subscribe|unsubscribe|leave|join|errors)(?:\+.*)?"
)
_LIST = re.compile(
    r""".+-(?:list|l|users|devel|dev|announce|discuss|talk|help|workers|members)
    | .*(?:listserv|majordomo|mailman|sympa|listproc|list[._-]?server|distribution|mailinglist).*
    | (?:list|dl)[._-].+ | .+[._]list | [a-z]{5,}list | (?:mailing[._-]?)?lists?""",
    re.VERBOSE,
)
_ROLE_NAMES = """
    abuse accounting accounts admin administration administrator admissions ads advertising announce
    announcement announcements anonymous apply archive backup billing board bookings bugs business
    careers cfo chairman clients comments communications community compliance concierge contact
    contactus corporate cs customer customercare customers customerservice deals delivery desk
    editor editorial editors education email enquiries enquiry esavers events everyone facilities
    faq feedback finance fraud ftp general gift giftcards gifts global greetings guest hello help
    helpdesk helpline hostmaster hotline hr humanresources ideas incoming info information
    inquiries inquiry internet invoice invoices it jobs kontakt legal letters listings mail mailbox
    mailmaster management manager market marketing marketplace media member members memberservices
    membership messenger news newsdesk newsletter newsletters newsreleases offers office
    officeofthechairman opinion order orders orderstatus partner partners payments payroll pm
    postmaster press privacy production products promo promos promotion promotions publications
    purchasing queries questions receipts reception recruiting recruitment register registrar
    registration renewals reply report reports research reservations resumes returns rewards root
    sales secretary security server service services shipping shop solutions spam staff statements
    store students subscribe subscription subscriptions subscriber subscribers suggestions support
    survey surveys team tech technical techsupport tickets tips tools tour training travel
    travelers undisclosed undisclosedrecipients update updates user userid users voice volunteers
    web webadmin webmaster webmail welcome whatsnew whois worldwide www
"""
_ROLE_WORDS_TEXT = """
    announce announcement announcements bulletin bulletins center centre chairman committee
    communication communications courtesy department dept desk digest employees everyone exchange
    expertfinder feedback group groups helpcenter helpdesk hotline invitation invite mailbox
    management marketing memberservices newsletter newsletters news notification offers office
    parking payroll promotions promo registration relations reply report reports reservations
    resources response sales security service services staff subscriptions support survey team
    update updates webmaster worldwide
"""
_ROLES = frozenset(_ROLE_NAMES.split())
_ROLE_WORDS = frozenset(_ROLE_WORDS_TEXT.split())
"""The telling first or last word of a longer local part: press.office@, acme_update@."""
_PUBLICATION = re.compile(
    r"[a-z0-9]{4,}(?:newsletter|breakingnews|newsdesk|headlines|daily|weekly|digest|journal|events|"
    r"alerts?|updates?|offers|specials|rewards|releases|announcements|support|service|services|"
    r"helpdesk|hotline|admin|club|focus)s?\d*|(?:breaking|daily|weekly)news"
)
_TO_ALL = re.compile(
    r"(?:all|everyone|todos|alle)[._-].+|.+[._-](?:all|everyone|team|group|dept|staff)|"
    r"all(?:employees|staff|users|hands)|no[._-]?(?:address|one|body|name)|"
    r"undisclosed.*|recipients?|.*(?:helpdesk|help\.desk|newsletter).*"
)
_ESCAPE_LEFT_OVER = re.compile(r"(?:%?40|=40)[a-z]+")
_NAME_MARK = re.compile(
    r"\b(?:announcements?|mailer.daemon|mail delivery|newsletter|customer (?:service|care|support)|"
    r"help ?desk|no.?reply|notifications?|webmaster|postmaster|administrator|mailing list|"
    r"office of the|control (?:group|room)|call cent(?:er|re)|e?news ?alerts?)\b|"
    r"\A[\w&!* -]+\.(?:com|net|org|de|co\.uk)\Z",
    re.IGNORECASE,
)
_LIST_DOMAIN = re.compile(r"(?:lists?|listserv|groups)\d*\..+\..+")
_MACHINE_DOMAIN = re.compile(
    r"(?:bounces?|mailer|e?news(?:letters?)?(?:byemail)?|email?ing|notifications?|noreply|click|"
    r"reply|announce|promo(?:tions)?|offers?|updates?|campaigns?)\d*\..+\..+"
)
_NUMBER = re.compile(r"(?=[^@]*\d)[0-9a-f]{16,}|.*[0-9a-f]{24,}.*|.*\d{9,}.*")
_NUMBERED_PEOPLE = frozenset(
    {"qq.com", "vip.qq.com", "foxmail.com", "163.com", "126.com", "139.com", "189.cn", "sina.com"}
)
_PERSONAL_WORDS = 2


@lru_cache(maxsize=65_536)
def address_kind(address: str, name: str = "") -> ContactKind:
    """What a canonical address (lower case) and the name shown with it stand for.

    Spelling alone decides, so a person called Robot stays a person unless the address says
    otherwise. Text that is no address is a PERSON.
    """
    local, at, domain = address.partition("@")
    if not at or not local:
        return ContactKind.PERSON
    if _LIST_SERVICE.fullmatch(local):
        return ContactKind.LIST
    if _BOT.fullmatch(local):
        return ContactKind.BOT
    if _NUMBER.fullmatch(local) and domain not in _NUMBERED_PEOPLE:
        return ContactKind.BOT
    if _LIST.fullmatch(local) or _LIST_DOMAIN.fullmatch(domain):
        return ContactKind.LIST
    if _is_role(local, domain, name):
        return ContactKind.ROLE
    if _MACHINE_DOMAIN.fullmatch(domain):
        return ContactKind.BOT
    return ContactKind.PERSON


def _is_role(local: str, domain: str, name: str) -> bool:
    words = [word.rstrip("0123456789") for word in _SPLIT.split(local) if word]
    if local in _ROLES or "".join(words) in _ROLES:
        return True
    if len(words) > 1 and not _ROLE_WORDS.isdisjoint((words[0], words[-1])):
        return True
    if _TO_ALL.fullmatch(local) or _PUBLICATION.fullmatch(local):
        return True
    if _ESCAPE_LEFT_OVER.fullmatch(local):
        return True
    if name and _NAME_MARK.search(name):
        return True
    return _is_organisation(local, domain, name)


def _is_organisation(local: str, domain: str, name: str) -> bool:
    """Whether the local part only repeats the domain, as in acme@acme.example, and no person's
    name of two words is shown with it."""
    return (
        len(local) >= 4
        and local in domain.split(".")[:-1]
        and len([word for word in name.split() if word[:1].isupper()]) < _PERSONAL_WORDS
    )
