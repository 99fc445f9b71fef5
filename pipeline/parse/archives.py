"""Web archives (``.warc``, ``.warc.gz``): the pages that a crawler kept, each with the moment of its capture."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from models.facts import Document
from pipeline.fetch.decode import TooLargeError, UndecodableError, read_bounded
from pipeline.parse.addresses import canonical_url
from pipeline.parse.charset import decode_body
from pipeline.parse.files import MAX_BYTES, html_document
from pipeline.parse.pages import holds_article
from pipeline.parse.problems import InputProblem
from pipeline.parse.text import without_surrogates

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

SUFFIXES = (".warc", ".warc.gz")
_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one archive may cost: its size on disk, records looked at, seconds spent on it."""

    bytes: int = 2_000_000_000
    records: int = 500_000
    seconds: float = 300.0


@dataclass(frozen=True, slots=True)
class Captured:
    """A page of an archive. ``at`` (UTC) is when the crawler got it; None where the archive does not say."""

    document: Document
    at: datetime | None


def is_archive(path: Path) -> bool:
    """Whether a file's name says that it is a web archive."""
    return path.name.lower().endswith(SUFFIXES)


def read_archive(path: Path, limits: Limits | None = None) -> Iterator[Captured | InputProblem]:
    """The articles among an archive's pages, in its order; never raises over what is in it.

    Answers other than 200, other media and pages without article text are no news and are passed over, as is a page
    larger than what is read of a file. Damage and a limit end the archive with a problem; what came before stands.
    """
    limits = limits or Limits()
    try:
        size = path.stat().st_size
        if size > limits.bytes:
            yield InputProblem(path.name, None, f"larger than {limits.bytes:,} bytes", "split it into smaller archives")
            return
        with path.open("rb") as stream:
            yield from _articles(stream, path.name, limits)
    except OSError as error:
        yield InputProblem(path.name, None, f"cannot be read: {error.strerror or error}", "check who may read it")


def _articles(stream: BinaryIO, name: str, limits: Limits) -> Iterator[Captured | InputProblem]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    until, found, records = time.monotonic() + limits.seconds, 0, 0
    try:
        for record in ArchiveIterator(stream):
            records += 1
            if records > limits.records or time.monotonic() >= until:
                limit = f"{limits.records:,} records" if records > limits.records else f"{limits.seconds:.0f} seconds"
                yield InputProblem(name, None, f"not read beyond {limit}", "split it into smaller archives")
                return
            if captured := _page(record, name):
                found += 1
                yield captured
    except (ArchiveLoadFailed, EOFError, AttributeError, LookupError, ValueError, zlib.error) as error:
        said = (str(error).strip() or type(error).__name__).splitlines()[0]
        yield InputProblem(name, None, f"damaged after {records} records: {said}", "make the archive anew")
        return
    if not found:
        yield InputProblem(name, None, f"no article in its {records} records", "archive pages of news, as HTML")


def _page(record: ArcWarcRecord, name: str) -> Captured | None:
    headers: Any = record.http_headers
    if record.rec_type != "response" or headers is None or headers.get_statuscode() != "200":
        return None
    kind = headers.get_header("Content-Type") or ""
    address = canonical_url((record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>"))
    if not address or kind.partition(";")[0].strip().lower() not in _PAGES:
        return None
    body = _body(record)
    if body is None:
        return None
    html = without_surrogates(decode_body(body, kind).text)
    document = html_document(html, name, address, address)
    if isinstance(document, InputProblem) or not holds_article(document.text):
        return None
    return Captured(document, _moment(record.rec_headers.get_header("WARC-Date")))


def _body(record: ArcWarcRecord) -> bytes | None:
    """The page unpacked by our own bounded decoders (warcio's bound nothing); None where it is too large or broken."""
    from warcio.bufferedreaders import ChunkedDataReader

    headers: Any = record.http_headers
    if record.length is None or record.length > MAX_BYTES:
        return None
    chunked = (headers.get_header("Transfer-Encoding") or "").lower() == "chunked"
    stream = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
    try:
        body = read_bounded(
            iter(lambda: stream.read(1 << 16), b""), headers.get_header("Content-Encoding") or "", MAX_BYTES
        )
    except (TooLargeError, UndecodableError):
        return None
    if record.raw_stream.limit and not record.raw_stream.read(1):  # the record says that there is more
        raise EOFError("the file ends early")
    return body


def _moment(said: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said or "")
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
