"""Decoded feed text as the bytes that feedparser reads best."""

from __future__ import annotations

import re

from pipeline.parse.text import without_surrogates

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
# Characters that XML 1.0 forbids (section 2.2); one of them makes a strict parser drop the rest of a feed.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCES = re.compile(
    r"&#(?:x0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|[dD][89a-fA-F][0-9a-fA-F]{2})|0*(?:[0-8]|1[124-9]|2\d|3[01]));"
)


def as_utf8_xml(text: str) -> bytes:
    """UTF-8 bytes whose XML declaration, if any, says so; forbidden characters and references are left out."""
    text = _REFERENCES.sub("", _FORBIDDEN.sub("", without_surrogates(text)))
    text = _DECLARATION.sub('<?xml version="1.0" encoding="utf-8"?>', text.lstrip("\ufeff"), count=1)
    return text.lstrip().encode("utf-8")
