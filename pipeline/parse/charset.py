"""Bytes to text: which charset a body is really in, whatever it or its server claims.

Order: byte order mark, HTTP header, XML declaration or meta tag, then charset-normalizer among the charsets that the
source's language is written in. A claim counts only if the body decodes strictly and the outcome looks like language.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from pipeline.parse.mojibake import quality, repair

GOOD = 0.85
_SAMPLE = 200_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a label means in practice is wider than what it says (the WHATWG Encoding Standard, section 4.2).
_MEANT = {
    "shift_jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "shift-jis": "cp932", "windows-31j": "cp932",
    "ms_kanji": "cp932", "csshiftjis": "cp932", "x-euc-jp": "euc_jp", "gb2312": "gb18030", "gbk": "gb18030",
    "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "euc-cn": "gb18030", "euc-kr": "cp949",
    "euckr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949", "ks_c_5601": "cp949", "windows-949": "cp949",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "x-x-big5": "big5hkscs", "cn-big5": "big5hkscs",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "iso8859-1": "cp1252", "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "utf8": "utf-8",
    "unicode": "utf-8", "utf-16": "utf-16-le", "utf8mb4": "utf-8",
}  # fmt: skip
_FAMILIES: dict[str, tuple[str, ...]] = {
    "ja": ("cp932", "euc_jp"),
    "ko": ("cp949",),
    "zh": ("gb18030", "big5hkscs"),
    "ru": ("cp1251", "koi8_r", "iso8859_5", "cp866"),
    "uk": ("cp1251", "koi8_u"),
    "bg": ("cp1251",),
    "el": ("cp1253", "iso8859_7"),
    "he": ("cp1255",),
    "ar": ("cp1256",),
    "fa": ("cp1256",),
    "tr": ("cp1254",),
    "th": ("cp874",),
    "vi": ("cp1258",),
    "pl": ("cp1250", "iso8859_2"),
    "cs": ("cp1250", "iso8859_2"),
    "sk": ("cp1250", "iso8859_2"),
    "hu": ("cp1250", "iso8859_2"),
    "ro": ("cp1250", "iso8859_2"),
    "hr": ("cp1250", "iso8859_2"),
    "sl": ("cp1250", "iso8859_2"),
    "lt": ("cp1257",),
    "lv": ("cp1257",),
    "et": ("cp1257",),
}
_WESTERN = ("cp1252",)
# Korean before Chinese before Japanese: a wrong reading of one never scores full marks in an earlier one.
_ALL = ("cp949", "cp932", "euc_jp", "gb18030", "big5hkscs", "cp1252", "cp1251", "koi8_r", "cp1250", "cp1253", "cp1254",
        "cp1255", "cp1256", "cp874")  # fmt: skip
_WIDE = ("cp949", "cp932", "euc_jp", "gb18030", "big5hkscs")
_ESCAPES = ((b"\x1b$B", "iso2022_jp"), (b"\x1b$@", "iso2022_jp"), (b"\x1b$)C", "iso2022_kr"))
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]+)", re.I)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([A-Za-z0-9_.:\-]+)", re.I)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]+)", re.I)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the charset it was in, who named that charset, and what was wrong on the way."""

    text: str
    charset: str
    how: str
    notes: tuple[str, ...] = ()


def decode_body(body: bytes, content_type: str = "", language: str = "") -> Decoded:
    """Decode a feed, page or file; never raises. ``language`` is the source's, and narrows what is plausible."""
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], charset, "byte order mark")
    wide = _wide_without_mark(body)
    if wide:
        return _decoded(body, wide, "byte pattern")
    claims = _claims(body, content_type)
    escaped = next((name for mark, name in _ESCAPES if mark in body), "")
    if escaped and _strict(body, escaped) is not None:
        return _decoded(body, escaped, "escape sequences")
    text = _strict(body, "utf-8")
    # Text of another charset almost never happens to be well-formed UTF-8, so this outranks a claim.
    if text is not None:
        return _settled(text, "utf-8", claims, language)
    sample = body[:_SAMPLE]
    if _is_sparse(sample):
        claims = [claim for claim in claims if claim[0] not in _WIDE]
    family = _FAMILIES.get(language, ())
    for charset, how in claims:
        if charset in _WIDE and charset not in family:
            continue  # plausible only in comparison: Japanese in EUC-JP and Korean read well as GB 2312
        text = _strict_sample(sample, charset)
        if text is not None and quality(text, language) >= GOOD:
            return _decoded(body, charset, how)
    guess = _best(sample, [name for name, _ in claims], language)
    if guess:
        notes = tuple(f"declared {name} by {how}, read as {guess}" for name, how in claims if name != guess)
        return _decoded(body, guess, "content", notes)
    fallback = claims[0][0] if claims else "utf-8"
    return _decoded(body, fallback, claims[0][1] if claims else "default")


def _settled(text: str, charset: str, claims: list[tuple[str, str]], language: str) -> Decoded:
    notes = (
        []
        if text.isascii()
        else [f"declared {name} by {how}, read as utf-8" for name, how in claims if name != "utf-8"]
    )
    mended = repair(text, language)
    if mended is not None:
        text = mended
        notes.append("text had been encoded twice; mended")
    how = next((how for name, how in claims if name == charset), "content")
    return Decoded(text, charset, how, tuple(notes))


def _claims(body: bytes, content_type: str) -> list[tuple[str, str]]:
    found = []
    header = _HEADER.search(content_type)
    if header:
        found.append((header.group(1), "the HTTP header"))
    head = body[:4096]
    inside = _XML.search(head) or _META.search(head)
    if inside:
        found.append((inside.group(1).decode("ascii", "replace"), "the document"))
    claims: list[tuple[str, str]] = []
    for label, how in found:
        charset = known_charset(label)
        if charset and charset not in (name for name, _ in claims):
            claims.append((charset, how))
    return claims


def known_charset(label: str) -> str | None:
    """Python's codec for a charset label as the web means it; None for labels that name no text charset."""
    name = label.strip().lower()
    name = _MEANT.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", True) or info.name in ("idna", "punycode", "unicode_escape", "utf-7"):
        return None
    return _MEANT.get(info.name, name)


def _strict(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return None


def _strict_sample(sample: bytes, charset: str) -> str | None:
    """A strict reading; the cut at the sample's end and one stray byte in two thousand are forgiven."""
    text = _strict(sample, charset)
    if text is not None:
        return text
    try:
        text = sample.decode(charset, "replace")
    except LookupError:
        return None
    wide = sum(1 for char in text if ord(char) > 127)
    return text if text.count("\ufffd") <= max(1, wide // 200) and wide > 20 else None


def _best(sample: bytes, claimed: list[str], language: str) -> str | None:
    family = _FAMILIES.get(language, _WESTERN if language else ())
    scored: list[tuple[float, str]] = []
    others = ("cp1252", "cp1250", "cp1254") if _is_sparse(sample) else _ALL
    for charset in dict.fromkeys([*claimed, "utf-8", *family, *others]):
        text = _strict_sample(sample, charset)
        if text is not None:
            bonus = 0.03 * (charset in claimed) + 0.06 * (charset in family)
            scored.append((quality(text, language) + bonus, charset))
    if not scored:
        return _normalizer(sample, [*claimed, *(family or _ALL)])
    best = max(scored, key=lambda item: item[0])
    if best[0] < 0.5:
        return _normalizer(sample, [*family] or [name for _, name in scored]) or best[1]
    return best[1]


def _normalizer(sample: bytes, charsets: list[str]) -> str | None:
    from charset_normalizer import from_bytes

    found = from_bytes(sample[:20_000], cp_isolation=charsets or None).best()
    return found.encoding if found else None


def _is_sparse(sample: bytes) -> bool:
    """Whether bytes beyond ASCII stand single between ASCII letters, as accents do and East Asian charsets do not."""
    runs = [len(run.group()) for run in _HIGH_RUN.finditer(sample)]
    high, letters = sum(runs), sum(1 for byte in sample if byte < 128 and chr(byte).isalpha())
    return high < 0.15 * (high + letters) and runs.count(1) > 0.6 * len(runs)


def _wide_without_mark(body: bytes) -> str | None:
    """UTF-16 without a mark, told by the zero bytes of its markup."""
    if len(body) >= 8 and body[0] in b"<{" and body[1] == body[3] == 0:
        return "utf-16-le"
    return "utf-16-be" if len(body) >= 8 and body[1] in b"<{" and body[0] == body[2] == 0 else None


def _decoded(body: bytes, charset: str, how: str, notes: tuple[str, ...] = ()) -> Decoded:
    text = _strict(body, charset)
    if text is None:
        text = body.decode(charset, "replace")
        notes = (*notes, f"{text.count(chr(0xFFFD))} characters could not be read as {charset}")
    return Decoded(text, charset, how, notes)
