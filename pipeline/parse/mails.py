"""A saved mail (``.eml``) to a document: subject, date, and the text part, else the page in its HTML part."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from models.facts import Document
from pipeline.errors import InputError
from pipeline.parse.files import MAX_BYTES
from pipeline.parse.language import known_language
from pipeline.parse.pages import read_page
from pipeline.parse.text import without_surrogates


def document_of_mail(path: Path) -> Document:
    """Read a mail. Its ``Message-ID``, where it has one, is the document's id; attachments are not read.

    Raises:
        InputError: the file cannot be read, is too large, or holds no text.
    """
    try:
        with path.open("rb") as stream:
            body = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read: {error.strerror}", "check who may read it") from error
    if len(body) > MAX_BYTES:
        raise InputError(f"{path.name}: larger than {MAX_BYTES:,} bytes", "drop the mail without its attachments")
    mail = message_from_bytes(body, policy=policy.default)
    title = _header(mail, "Subject")
    text = without_surrogates(_text(mail)).replace("\r\n", "\n").strip()
    if not mail.keys() or not text:
        raise InputError(f"{path.name}: a mail without text", "save it from the mail program as .eml")
    ident = _header(mail, "Message-ID").strip("<> ") or path.stem
    return Document(ident, text, title, known_language(f"{title}\n{text}"), _sent(mail))


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return without_surrogates(str(mail[name] or "")).strip()
    except Exception:  # the standard library's parser of headers fails on broken ones in many ways
        return ""


def _text(mail: EmailMessage) -> str:
    try:
        plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
        if plain is not None and (said := str(plain.get_content())).strip():
            return said
        page = read_page(str(html.get_content())) if html is not None else None
    except (LookupError, KeyError, ValueError, AttributeError) as error:
        raise InputError(f"the mail's text cannot be decoded: {error}", "save its text as .txt") from error
    return page.text if page else ""


def _sent(mail: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(_header(mail, "Date")).isoformat()
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
