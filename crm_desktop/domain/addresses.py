"""What an address stands for: a person, a role, a list or a machine, judged from its spelling."""

from __future__ import annotations

import re
from functools import lru_cache

from crm_desktop.domain.contacts import ContactKind

_SPLIT = re.compile(r"[._+=-]+")

_BOT = re.compile(
    r"""(?:.*[._+-])?(?:
      (?:do|dont|donot)[._-]?not?[._-]?reply | don[o']?t[._-]?reply | no[._-]?reply(?:s|ing)? | noreply.*
    | mailer[._-]?daemon | mail[._-]?daemon | daemon | bounces? | mdaemon | undeliverable
    | auto(?:mated|matic|mailer|reply|responder|response|notify|confirm)? | autoreply.* | robot | bot
    | notify | notifications? | notifier | alerts? | mailbot | cron | nobody | system
    | unsubscribe.* | reminders?
    )(?:[._+=-].*)?""",
    re.VERBOSE,
)
_LIST = re.compile(
    r"""(?:owner[._-].+|.+[._-](?:request|owner|bounces?|admin|subscribe|unsubscribe|leave|join|confirm|errors)
      (?:\+.*)?|.+-(?:list|l|users|devel|dev|announce|discuss|talk|help|workers|members)|.*(?:listserv|majordomo|mailman|sympa|listproc|list[._-]?server|distribution).*
      |list[._-].+|(?:mailing[._-]?)?lists?|dl-.+|.+\.list)""",
    re.VERBOSE,
)
_ROLES = frozenset(
    ["abuse", "accounting", "accounts", "admin", "administration", "administrator", "admissions", "ads", "advertising", "announce", "announcement", "announcements", "anonymous", "apply", "archive", "backup", "billing", "board", "bookings", "bugs", "business", "careers", "ceo.office", "cfo", "chairman", "clients", "comments", "community", "compliance", "concierge", "contact", "contactus", "corporate", "cs", "customer", "customercare", "customers", "customerservice", "deals", "delivery", "desk", "editor", "editorial", "editors", "education", "email", "enquiries", "enquiry", "events", "everyone", "facilities", "faq", "feedback", "finance", "fraud", "ftp", "general", "gift", "giftcards", "gifts", "global", "guest", "hello", "help", "helpdesk", "helpline", "hostmaster", "hotline", "hr", "human.resources", "humanresources", "ideas", "incoming", "info", "information", "inquiries", "inquiry", "internet", "invoice", "invoices", "it", "jobs", "kontakt", "legal", "letters", "listings", "mail", "mailbox", "mailmaster", "management", "manager", "market", "marketing", "marketplace", "media", "member", "members", "memberservices", "membership", "news", "newsdesk", "newsletter", "newsletters", "office", "offers", "opinion", "order", "orders", "orderstatus", "partner", "partners", "payments", "payroll", "pm", "postmaster", "post.master", "pr", "press", "privacy", "production", "products", "promo", "promos", "promotion", "promotions", "publications", "purchasing", "queries", "questions", "receipts", "reception", "recruiting", "recruitment", "register", "registrar", "registration", "renewals", "reply", "report", "reports", "research", "reservations", "resumes", "returns", "root", "sales", "secretary", "security", "server", "service", "services", "shipping", "shop", "site", "solutions", "spam", "staff", "statements", "store", "subscribe", "subscription", "subscriptions", "subscriber", "subscribers", "suggestions", "support", "survey", "surveys", "team", "tech", "technical", "techsupport", "tickets", "tips", "tools", "tour", "training", "travel", "travelers", "undisclosed", "undisclosed-recipients", "update", "updates", "user", "userid", "users", "voice", "volunteers", "web", "webadmin", "webmaster", "webmail", "welcome", "whatsnew", "whois", "worldwide", "www"]
)
# As the last or the only telling word of a longer local part, such as press.office@ or acme_update@.
_ROLE_WORDS = frozenset(
    ["announce", "announcement", "announcements", "bulletin", "bulletins", "center", "centre", "communication", "communications", "chairman", "courtesy", "department", "dept", "desk", "digest", "employees", "everyone", "expertfinder", "group", "groups", "helpdesk", "helpcenter", "invite", "invitation", "marketing", "mailbox", "memberservices", "newsletter", "newsletters", "news", "notification", "offers", "office", "promotions", "promo", "relations", "registration", "reply", "report", "reports", "reservations", "resources", "response", "sales", "security", "service", "services", "staff", "subscriptions", "support", "survey", "team", "update", "updates", "webmaster", "worldwide", "committee", "management"]
)
_TO_ALL = re.compile(
    r"(?:all|everyone|todos|alle)[._-].+|.+[._-](?:all|everyone|team|group|dept|staff)|"
    r"all(?:employees|staff|users|hands)|.+distribution|no[._-]?(?:address|one|body|name)|40\w+|"
    r"undisclosed.*|recipients?|.*(?:hotline|helpdesk|help\.desk|newsletter|mailinglist).*"
)
_NAME_MARK = re.compile(
    r"\b(?:announcements?|mailer.daemon|mail delivery|newsletter|customer (?:service|care|support)|"
    r"help ?desk|no.?reply|notifications?|webmaster|postmaster|administrator|mailing list)\b",
    re.IGNORECASE,
)
_MACHINE_DOMAIN = re.compile(
    r"(?:bounces?|mailer|news(?:letters?)?|lists?|email?ing|notifications?|noreply|click|reply|announce|"
    r"promo(?:tions)?|updates?|campaigns?)\d*\..+\..+"
)
_HASHED = re.compile(r"(?=[^@]*\d)[0-9a-f]{16,}|.*[0-9a-f]{24,}.*|.*\d{9,}.*")


@lru_cache(maxsize=65_536)
def address_kind(address: str, name: str = "") -> ContactKind:
    """What a canonical address (lower case) and the name shown with it stand for.

    Spelling alone decides, so a person called Robot stays a person unless the address says
    otherwise. Text that is no address is a PERSON.
    """
    local, at, domain = address.partition("@")
    if not at or not local:
        return ContactKind.PERSON
    if _BOT.fullmatch(local) or _HASHED.fullmatch(local):
        return ContactKind.BOT
    if _LIST.fullmatch(local):
        return ContactKind.LIST
    words = [word.rstrip("0123456789") for word in _SPLIT.split(local) if word]
    plain = "".join(words)
    if local in _ROLES or plain in _ROLES or _TO_ALL.fullmatch(local):
        return ContactKind.ROLE
    if len(words) > 1 and (words[-1] in _ROLE_WORDS or words[0] in _ROLE_WORDS):
        return ContactKind.ROLE
    if name and _NAME_MARK.search(name):
        return ContactKind.ROLE
    if _MACHINE_DOMAIN.fullmatch(domain):
        return ContactKind.BOT
    return ContactKind.PERSON
