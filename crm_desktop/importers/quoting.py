"""The sender's own words: a message without quoted history, signature and disclaimer."""

from __future__ import annotations

import re
from typing import Final

MAX_PREVIEW: Final = 500
_SCAN_LINES: Final = 2_000
_MAX_ATTRIBUTIONS: Final = 50

# "On Monday, Ada wrote:" and its like. Each alternative starts and ends as that language's mail
# programs write it, with a name or a date between; at most three lines are joined to match.
_ATTRIBUTION = re.compile(
    r"""(?:[-*_>\s]{0,4})(?:
      On\s.{4,250}?(?:\s|>)(?:wrote|writes|said)(?:\s?\w{0,12})?\s?:
    | At\s.{0,20}\d.{4,200}?\swrote:
    | .{1,120}\s<?[^\s<>]{1,80}@[^\s<>]{1,80}>?\s(?:wrote|writes|said|schrieb|écrit)\s?:
    | .{0,60}\d{1,2}[:.]\d{2}.{0,80}<[^\s<>]{1,80}@[^\s<>]{1,80}>\s?:
    | \d{4}[-/.]\d{1,2}[-/.]\d{1,2}.{0,40}?\s<?[^\s<>]+@[^\s<>]+>?:?
    | (?:Am|Den|Le|Op|El|Il|Em|W\s(?:dniu|dn\.)|Dnia|Dne|På)\s?.{4,250}?\s?
      (?:schrieb(?:\s.{1,120})?|skrev(?:\s.{1,120})?|a\s[ée]crit|heeft.{0,120}geschreven|schreef(?:\s.{1,120})?
       |escribi[óo](?:\s.{1,120})?|ha\sscritto|escreveu(?:\s.{1,120})?|napisa[łl]\(?a?\)?(?:\s.{1,120})?|pisze|napsala?\(?a?\)?)\s?:
    | .{2,60}?\s(?:schrieb|skrev|a\sécrit|escribió|ha\sscritto|escreveu|kirjoitti|wrote)
      (?:\s(?:am|den|le|el|il|em|on)\s.{4,80})?\s?:
    | .{0,80}\d.{0,80}(?:пользователь|написала?|пишет|писала?).{0,120}:
    | .{0,120}(?:写道|寫道|のメール|さんは書きました|작성).{0,20}[:：]
    | .{0,120}\d.{0,80}\s(?:tarihinde|şunları\syazdı).{0,120}:?
    )\s*\Z""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTION_START = re.compile(
    r"\s{0,3}(?:On|At|Am|Den|Le|Op|El|Il|Em|W\sdn|Dnia|Dne|På|\d{1,4}[-/.])[\s\d]", re.IGNORECASE
)
_ORIGINAL = re.compile(
    r"""[\s>]*(?:
      [-_=*]{2,}\s*(?:
        original\smessage|original\sappointment|forwarded\s(?:message|by.*)|reply\smessage
      | urspr[üu]ngliche\snachricht|weitergeleitete\snachricht|original-?nachricht
      | message\s(?:d['’]origine|original|transf[ée]r[ée]|initial)
      | mensaje\soriginal|mensagem\soriginal
      | messaggio\s(?:originale|inoltrato)|oorspronkelijk\sbericht|doorgestuurd\sbericht
      | ursprungligt?\smeddelande|originalmeddelande|opprinnelig\smelding|oprindelig\smeddelelse
      | alkuperäinen\sviesti|wiadomość\soryginalna|oryginalna\swiadomość|исходное\sсообщение
      | původní\szpráva|původní\se-mail|orijinal\smesaj|原始邮件|元のメッセージ
      )
    | begin\sforwarded\smessage | anfang\sder\sweitergeleiteten | début\sdu\smessage
    | -{5,}\s*(?:inline\sattachment\sfollows|forwarded)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_RULE = re.compile(r"\s*_{20,}\s*\Z|\s*-{30,}\s*\Z")
_FROM_FIELD = re.compile(
    r"[\s>*]{0,4}(?:from|von|de|da|van|från|fra|od|от|kimden|lähettäjä|发件人|差出人)\s?\*?\s?[:：]",
    re.IGNORECASE,
)
_OTHER_FIELD = re.compile(
    r"[\s>*]{0,4}(?:sent|date|to|cc|subject|gesendet|datum|an|betreff|envoy[ée]|à|objet|enviado(?:\sel)?"
    r"|para|asunto|assunto|data|inviato|a|oggetto|verzonden|aan|onderwerp|skickat|till|ämne|sendt|til"
    r"|emne|wysłano|do|temat|отправлено|кому|тема|дата|sent\sby|please\srespond\sto|reply-to"
    r"|发送时间|收件人|主题)\s?\*?\s?[:：]",
    re.IGNORECASE,
)
# Lotus Notes: "Ada Lovelace@ENGINES" or "Ada Lovelace" over a line with date, then "To:".
_NOTES_STAMP = re.compile(
    r"\s*(?:.{0,80}\s)?\d{1,2}/\d{1,2}/\d{2,4}\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AP]M)?\s*(?:[A-Z]{3})?\s*\Z"
)
_DEVICE = re.compile(
    r"""\s*(?:(?:sent|get|von|envoy[ée]|enviado|inviato|verzonden|skickat|gesendet|wysłane|отправлено)
      \s(?:from|via|using|on|with|meinem|mit|de(?:puis|sde)?\s|dal?|do|vanaf|från|von|z|с|outlook)
      \s?[^,]{0,60}(?:iphone|ipad|ipod|android|blackberry|mobile|phone|handheld|samsung|galaxy|nokia|treo
      |outlook|yahoo|mail|gmx|web\.de|mailbox|device|wireless|gerät|móvil|telefon|smartphone|windows|proton)
      [^,]{0,60}|get\soutlook\sfor\s\w{2,10}|sent\s(?:from\smy|via)\s[\w\s'’-]{1,40}\.?)\s*\Z""",
    re.VERBOSE | re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"""\s*[-*_\s"'(]*(?:
      (?:confidentiality|privacy|legal|important|email)?\s?(?:notice|disclaimer|warning)\s?[:*-]
    | (?:this|the)\s(?:e-?mail|message|communication|electronic|transmission
      |information\s(?:contained|transmitted|in))
      .{0,160}(?:confidential|intended|privileged|property\sof|proprietary)
    | (?:diese\s(?:e-?mail|nachricht)|ce\s(?:message|courriel)|este\s(?:mensaje|correo)
      |questo\smessaggio|esta\smensagem)
      .{0,160}(?:vertraulich|confiden|riservat)
    | if\syou\s(?:are\snot\sthe\sintended|have\sreceived\sthis\s.{0,30}in\serror)
    | (?:do\syou\syahoo!\?|get\syour\sfree\s.{0,40}(?:mail|email)|join\sthe\sworld.{0,30}hotmail
      |send\sand\sreceive\shotmail
      |chat\swith\sfriends\sonline|you\s(?:are\sreceiving|received)\sthis\s(?:message|e-?mail|because)|to\sunsubscribe
      |this\s(?:sf\.net\s)?e-?mail\sis\ssponsored)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_SIGNATURE = re.compile(r"--\s?\Z|—\s?\Z|_{5,15}\s*\Z")
_LIST_FOOTER = re.compile(r"[_-]{20,}\s*\Z")
_QUOTED = re.compile(r"\s{0,3}(?:[A-Za-z]{0,3}>|\|\s)")
_BRACKETED = re.compile(
    r"\[image\]|\[(?:cid:|image:|inline|mailto:|https?:)[^\]\n]{0,300}\]|"
    r"<(?:https?|mailto):[^>\n]{1,500}>",
    re.IGNORECASE,
)
_HTML_HINT = re.compile(
    r"\s*<(?:!doctype|html|head|body|div|p|table|meta|font|br)\b", re.IGNORECASE
)


def preview(text: str, *, is_html: bool = False) -> str:
    """The sender's own words of a body, at most 500 characters, blanks collapsed; "" if none.

    Words between and below quotes count; a forwarded or quoted block and all that follows a
    signature do not.
    """
    if is_html or (text[:200].lstrip()[:1] == "<" and _HTML_HINT.match(text)):
        text = html_to_text(text, with_quotes=False)
    return _cut(own_words(text, MAX_PREVIEW * 3))


def _cut(text: str) -> str:
    """At most 500 characters, ending with a whole word and an ellipsis when shortened."""
    text = " ".join(text.split())
    if len(text) <= MAX_PREVIEW:
        return text
    cut = text.rfind(" ", MAX_PREVIEW - 60, MAX_PREVIEW)
    return text[: cut if cut > 0 else MAX_PREVIEW - 1].rstrip() + "…"


def own_words(text: str, wanted: int = 1 << 30) -> str:
    """The lines that the sender wrote, without history and signature; about `wanted` characters
    suffice. Line breaks are kept."""
    lines = text.split("\n", _SCAN_LINES)[:_SCAN_LINES]
    kept: list[str] = []
    size = 0
    index, count, attributions = 0, len(lines), 0
    while index < count and size < wanted:
        line = lines[index]
        stripped = line.strip()
        if not stripped:
            kept.append("")
            index += 1
            continue
        if _ends_here(line, stripped, lines, index):
            # A signature of the first lines is no end: some programs put a rule on top.
            if any(kept) or not _SIGNATURE.match(stripped):
                break
            index += 1
            continue
        if stripped[0] in ">|" or _is_quoted(stripped):
            index += 1
            continue
        taken = _attribution_lines(lines, index) if attributions < _MAX_ATTRIBUTIONS else 0
        if taken:
            attributions += 1
            index += taken
            if any(kept) and not _quoted_next(lines, index):
                break
            continue
        kept.append(stripped)
        size += len(stripped) + 1
        index += 1
    return _BRACKETED.sub("", "\n".join(kept)).strip()


def _is_quoted(stripped: str) -> bool:
    return ">" in stripped[:5] and stripped[0] != "<" and bool(_QUOTED.match(stripped))


def _ends_here(line: str, stripped: str, lines: list[str], index: int) -> bool:
    """Whether from this line on nothing is the sender's own: history, signature or small print."""
    first = stripped[0]
    if first in "-_—=*":
        if _SIGNATURE.match(line.lstrip()) or _ORIGINAL.match(stripped):
            return True
        if (_RULE.match(stripped) or _LIST_FOOTER.match(stripped)) and _history_follows(
            lines, index
        ):
            return True
    lowered = stripped[:16].lower()
    if lowered.startswith(_FORWARD_STARTS) and _ORIGINAL.match(stripped):
        return True
    start = stripped[:24]
    if (":" in start or "：" in start) and _FROM_FIELD.match(stripped):
        return _header_block(lines, index)
    if lowered.startswith(_DEVICE_STARTS) and _DEVICE.match(stripped):
        return True
    if "/" in stripped and _NOTES_STAMP.match(stripped) and _header_block(lines, index):
        return True
    return len(stripped) > 12 and bool(_DISCLAIMER.match(stripped))


_FORWARD_STARTS = ("begin forw", "anfang der", "début du")
_DEVICE_STARTS = (
    "sent", "get ", "von ", "envoy", "enviado", "inviato", "verzonden", "skickat", "gesendet",
    "wysłane", "отправлено",
)  # fmt: skip


def _header_block(lines: list[str], index: int) -> bool:
    """Whether at least one more header field follows within the next four lines."""
    following = [line for line in lines[index + 1 : index + 6] if line.strip()][:4]
    return any(_OTHER_FIELD.match(line) for line in following)


def _history_follows(lines: list[str], index: int) -> bool:
    """Whether after a rule comes a header block, an Original Message mark or a list's footer."""
    following = [line.strip() for line in lines[index + 1 : index + 6] if line.strip()][:4]
    if not following:
        return True
    if _FROM_FIELD.match(following[0]) or _ORIGINAL.match(following[0]):
        return True
    joined = " ".join(following).lower()
    return (
        "mailing list" in joined
        or "mailman/listinfo" in joined
        or "unsubscribe" in joined
        or "sponsored by" in joined
        or bool(_DISCLAIMER.match(following[0]))
    )


def _attribution_lines(lines: list[str], index: int) -> int:
    """How many lines an attribution such as "On … wrote:" takes here; 0 when there is none."""
    line = lines[index].strip()
    if line[-1] in ":：" and len(line) < 400:
        return 1 if _ATTRIBUTION.match(line) and _quote_follows(lines, index + 1, line) else 0
    if not _ATTRIBUTION_START.match(line):
        return 0
    joined = line
    for extra in (1, 2):
        if index + extra >= len(lines):
            return 0
        nearby = lines[index + extra].strip()
        joined = f"{joined} {nearby}"
        if len(joined) > 400:
            return 0
        if nearby[-1:] in (":", "："):
            found = _ATTRIBUTION.match(joined) and _quote_follows(lines, index + extra + 1, joined)
            return extra + 1 if found else 0
    return 0


def _quote_follows(lines: list[str], index: int, attribution: str) -> bool:
    """Whether what comes next is a quote; "He wrote:" in running text introduces none."""
    for line in lines[index : index + 4]:
        stripped = line.strip()
        if stripped:
            return stripped[0] in ">|" or any(character.isdigit() for character in attribution)
    return True


def _quoted_next(lines: list[str], index: int) -> bool:
    """Whether the next line with text is marked as a quote; else what follows is one unmarked."""
    for line in lines[index:]:
        stripped = line.strip()
        if stripped:
            return stripped[0] in ">|" or _is_quoted(stripped)
    return True


def html_to_text(html: str, *, with_quotes: bool = True) -> str:
    """The readable text of HTML, blocks on lines of their own, scripts and styles dropped.

    Without `with_quotes` also the history that mail programs mark as such.
    """
    from crm_desktop.importers.html import to_text

    return to_text(html, with_quotes=with_quotes)
