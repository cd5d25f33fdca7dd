"""Bytes to text as mail needs it: any declared charset, wrong ones, and none at all."""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache

# Labels seen in mail that Python does not know, or knows as a smaller set than senders mean.
_ALIASES = {
    "ansi_x3.4-1968": "cp1252",
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "cn-gb": "gb18030",
    "cp-1252": "cp1252",
    "dos-874": "cp874",
    "euc-kr": "cp949",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "hebrew": "iso8859-8",
    "hz-gb2312": "hz",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-1": "cp1252",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "korean": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "macintosh": "mac-roman",
    "shift-jis": "cp932",
    "shift_jis": "cp932",
    "sjis": "cp932",
    "tis-620": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "us-ascii": "cp1252",
    "utf8mb4": "utf-8",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "windows-949": "cp949",
    "windows-936": "gb18030",
    "x-cp1252": "cp1252",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac-roman",
    "x-sjis": "cp932",
    "x-windows-949": "cp949",
    "x-x-big5": "big5hkscs",
}
# Python codecs that are no charsets, are quadratic, or warn about their input.
_FORBIDDEN = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)
_LABEL = re.compile(r"[a-z0-9][a-z0-9_.:+-]{0,39}")
_INVISIBLE = dict.fromkeys(
    [
        *(0x00AD, 0x034F, 0x200B, 0x2060, 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ]
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_GUESS_SAMPLE_BYTES = 4096
_JAPANESE_ESCAPE = re.compile(rb"\x1b[$(][@BJ]")


@lru_cache(maxsize=512)
def codec_name(label: str) -> str:
    """The Python codec for a charset label as mail declares it, or "" when there is none.

    Labels such as unknown-8bit, which say nothing, give "".
    """
    match = _LABEL.match(label.strip(" \t'\"<>").lower())
    if not match:
        return ""
    name = match.group()
    name = _ALIASES.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, ImportError):
        return ""
    is_text = getattr(found, "_is_text_encoding", True)
    is_allowed = is_text and found.name.replace("-", "_") not in _FORBIDDEN
    return found.name if is_allowed else ""


def decode(data: bytes, label: str = "") -> str:
    """`data` as text: the declared charset if it fits, else UTF-8, else the likeliest guess.

    Never raises; bytes that fit nothing become U+FFFD, and so do halves of surrogate pairs, which
    UTF-7 can spell but nothing can store.
    """
    return without_surrogates(_decoded(data, label))


def without_surrogates(text: str) -> str:
    """`text` with U+FFFD for every half of a surrogate pair."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _decoded(data: bytes, label: str) -> str:
    if data.isascii() and b"\x1b" not in data and label[:3].lower() not in {"utf", "hz-", "hz"}:
        return data.decode("ascii")
    name = codec_name(label) if label else ""
    if name and name != "cp1252":
        try:
            return data.decode(name)
        except (UnicodeError, ValueError):
            if name in {"utf-8", "utf_8"} and _is_mostly_valid_utf8(data):
                return data.decode("utf-8", "replace")
            if name not in {"utf-8", "ascii"}:
                return data.decode(name, "replace")
    try:
        return data.decode("utf-8") if b"\x1b" not in data else _decode_escaped(data)
    except UnicodeError:
        pass
    if not label or not name:
        return _guess(data)
    return data.decode("cp1252", "replace")


def _decode_escaped(data: bytes) -> str:
    """Text holding ESC: unlabelled ISO-2022-JP, else UTF-8. Raises UnicodeError."""
    if _JAPANESE_ESCAPE.search(data):
        return data.decode("iso2022_jp_ext", "replace")
    return data.decode("utf-8")


def _is_mostly_valid_utf8(data: bytes) -> bool:
    """Whether a few bad bytes in otherwise good UTF-8 are damage rather than another charset."""
    text = data.decode("utf-8", "replace")
    high = sum(1 for character in text if character > "\x7f")
    return text.count("\ufffd") * 2 < high


def _guess(data: bytes) -> str:
    """Unlabelled bytes that are not UTF-8: Western unless so many are high that it is unlikely."""
    sample = data[:_GUESS_SAMPLE_BYTES]
    high = sum(byte > 0x7F for byte in sample)
    if high * 5 > len(sample) and high >= 8:
        from charset_normalizer import from_bytes

        best = from_bytes(sample, steps=3, chunk_size=512).best()
        if best is not None:
            return data.decode(best.encoding, "replace")
    return data.decode("cp1252", "replace")


def clean(text: str) -> str:
    """One line of `text`: blanks collapsed, control and invisible formatting characters gone."""
    if not text.isprintable():
        text = text.translate(_INVISIBLE)
        text = "".join(
            " " if unicodedata.category(character) in {"Cc", "Cs"} else character
            for character in text
        )
    return " ".join(text.split())


def clean_lines(text: str) -> str:
    """`text` with its line breaks, without other control and invisible characters."""
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    return _CONTROL.sub(" ", text)
