"""HTML mail to plain text, without scripts, styles, hidden parts and quoted history."""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

MAX_HTML: Final = 262_144
_UNREAD = (
    "script, style, head, title, noscript, template, svg, object, iframe, select, "
    "[style*='display:none'], [style*='display: none'], [hidden]"
)
_QUOTES = (
    "blockquote[type=cite], blockquote.gmail_quote, div.gmail_quote, div.gmail_extra blockquote, "
    "div.gmail_signature, div.yahoo_quoted, div.moz-cite-prefix, div.moz-signature, "
    "div#divRplyFwdMsg, div#mail-editor-reference-message-container"
)
_HISTORY_BEGINS = "hr#stopSpelling, div#appendonsend"
_HISTORY_MARK = "\n-----Original Message-----\n"
_BLOCKS = (
    "p", "div", "tr", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol",
    "pre", "hr", "section", "article", "header", "footer", "dt", "dd",
)  # fmt: skip
_BLANKS = re.compile(r"[ \t\r\n\f\u00a0]+")
_LINE_BLANKS = re.compile(r" *\n *")
_TAG = re.compile(r"<[^>]{0,2000}>")
_MAX_UNCLOSED = 6_000


def to_text(html: str, *, with_quotes: bool = True) -> str:
    """The readable text, one block per line; "" when there is none. At most 256 kB are read.

    Without `with_quotes` history that is marked as such is dropped or gets a plain-text mark.
    """
    html = html[:MAX_HTML].replace("\x00", "")
    if "<pre" not in html:
        html = _BLANKS.sub(" ", html)
    if html.count("<") - 2 * html.count("</") > _MAX_UNCLOSED:
        # Tens of thousands of open elements take a tree seconds; such mail has no structure.
        return _TAG.sub(" ", html).strip()
    tree = LexborHTMLParser(html)
    for node in tree.css(_UNREAD):
        node.decompose()
    if not with_quotes:
        for node in tree.css(_QUOTES):
            node.decompose()
        for node in tree.css(_HISTORY_BEGINS):
            node.insert_before(_HISTORY_MARK)
    for node in tree.css("br"):
        node.replace_with("\n")
    for node in tree.css(", ".join(_BLOCKS)):
        node.insert_before("\n")
        node.insert_after("\n")
    body = tree.body
    if body is None:
        return ""
    return _LINE_BLANKS.sub("\n", body.text(deep=True, separator="")).strip()
