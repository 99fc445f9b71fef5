"""Decoded feed text as the bytes that feedparser reads best, unless it was made to keep a parser busy."""

from __future__ import annotations

import re

from pipeline.parse.text import without_surrogates

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
# Characters that XML 1.0 forbids (section 2.2); one of them makes a strict parser drop the rest of a feed.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCES = re.compile(
    r"&#(?:x0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2})|0*(?:[0-8]|1[124-9]|2\d|3[01]));"
)
# Parsers take some 40 µs for a tag, and for the attributes of one element the square of their number.
MAX_TAGS = 300_000
MAX_ATTRIBUTES = 500
_ATTRIBUTE = r"""(?>\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))"""
_CROWDED = re.compile(rf"<[^\s<>/!?]+{_ATTRIBUTE}{{{MAX_ATTRIBUTES + 1}}}")
# A document type can give every element attributes that stand in none, or spell such a declaration by an entity.
_DECLARES = re.compile(r"<!ATTLIST|<!ENTITY\s+%\s+[^\s\"'>]+\s+[\"']")


def overlong(text: str) -> str:
    """Why no parser should be given this feed, since it would be busy for long; empty where it is like any other."""
    tags = text.count("<")
    if tags > MAX_TAGS:
        return f"the feed has {tags:,} tags; at most {MAX_TAGS:,} are read"
    if _CROWDED.search(text):
        return f"an element of the feed has more than {MAX_ATTRIBUTES} attributes"
    doctype = text.find("<!DOCTYPE")
    if doctype >= 0 and _DECLARES.search(text, doctype):
        return "the feed's document type declares attributes, or entities that may hold declarations"
    return ""


def as_utf8_xml(text: str) -> bytes:
    """UTF-8 bytes whose XML declaration, if any, says so; forbidden characters and references are left out."""
    text = _REFERENCES.sub("", _FORBIDDEN.sub("", without_surrogates(text)))
    text = _DECLARATION.sub('<?xml version="1.0" encoding="utf-8"?>', text.lstrip("\ufeff"), count=1)
    return text.lstrip().encode("utf-8")
