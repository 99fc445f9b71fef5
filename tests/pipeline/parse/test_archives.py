"""Web archives: articles with address and moment of capture; limits and damage end them with a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.parse import InputProblem
from pipeline.parse.archives import Captured, Limits, is_archive, read_archive


def page(title, text="Nvidia sells chips to Oracle, the companies said on Monday. "):
    return (
        f"<html><head><title>{title}</title></head><body><article><p>{text * 20}</p></article></body></html>".encode()
    )


@pytest.fixture
def archive(tmp_path):
    """Writes an archive of (address, status, content type, body, more HTTP headers) with warcio's own writer."""

    def write(*answers, name="crawl.warc.gz", gzip=True):
        path = tmp_path / name
        with path.open("wb") as stream:
            writer = WARCWriter(stream, gzip=gzip)
            for address, status, kind, body, *more in answers:
                headers = StatusAndHeaders(status, [("Content-Type", kind), *more], protocol="HTTP/1.1")
                record = writer.create_warc_record(
                    address, "response", payload=BytesIO(body), http_headers=headers,
                    warc_headers_dict={"WARC-Date": "2025-03-01T09:30:00Z"},
                )  # fmt: skip
                writer.write_record(record)
        return path

    return write


def test_pages_become_documents_with_address_and_moment_of_capture(archive):
    japanese = (
        page("アマゾンがOpenAIに出資", "アマゾンはOpenAIに100億ドルを出資すると発表した。").decode().encode("shift_jis")
    )
    path = archive(
        ("https://example.org/a?utm_source=x", "200 OK", "text/html; charset=utf-8", page("Nvidia and Oracle")),
        ("https://example.org/logo.png", "200 OK", "image/png", b"\x89PNG"),
        ("https://example.org/gone", "404 Not Found", "text/html", page("Not found")),
        ("https://example.jp/b", "200 OK", "text/html; charset=shift_jis", japanese),
        ("https://example.org/menu", "200 OK", "text/html", b"<html><body><a href='/'>Home</a></body></html>"),
    )
    first, second = read_archive(path)
    assert isinstance(first, Captured)
    assert isinstance(second, Captured)
    assert (first.document.title, first.document.url) == ("Nvidia and Oracle", "https://example.org/a")
    assert first.at == datetime(2025, 3, 1, 9, 30, tzinfo=UTC)
    assert (second.document.title, second.document.lang) == ("アマゾンがOpenAIに出資", "ja")


def test_compressed_answers_and_plain_archives_are_read(archive):
    import brotli

    path = archive(
        ("https://example.org/a", "200 OK", "text/html", brotli.compress(page("Packed")), ("Content-Encoding", "br")),
        name="crawl.warc",
        gzip=False,
    )
    assert is_archive(path)
    assert [found.document.title for found in read_archive(path)] == ["Packed"]


def test_a_page_that_unpacks_to_too_much_is_passed_over(archive):
    import gzip

    bomb = gzip.compress(b"<html>" + b"a" * 30_000_000)
    path = archive(
        ("https://example.org/bomb", "200 OK", "text/html", bomb, ("Content-Encoding", "gzip")),
        ("https://example.org/a", "200 OK", "text/html", page("Sound")),
    )
    assert [found.document.title for found in read_archive(path)] == ["Sound"]


def test_damage_ends_the_archive_and_what_came_before_stands(archive):
    answers = [(f"https://example.org/{n}", "200 OK", "text/html", page(f"Page {n}")) for n in range(3)]
    path = archive(*answers)
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    *good, last = read_archive(path)
    assert [found.document.title for found in good] == ["Page 0", "Page 1"]
    assert last.message == "damaged after 3 records: the file ends early"
    path.write_bytes(whole[:400] + b"\0\0\0\0" + whole[404:])
    *_, last = read_archive(path)
    assert "damaged after" in last.message


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(bytes=10), "larger than 10 bytes"),
        (Limits(records=1), "not read beyond 1 records"),
        (Limits(seconds=0), "not read beyond 0 seconds"),
    ],
)
def test_limits_are_told(archive, limits, said):
    path = archive(*[(f"https://example.org/{n}", "200 OK", "text/html", page("Page")) for n in range(2)])
    *_, last = read_archive(path, limits)
    assert isinstance(last, InputProblem)
    assert said in last.message
    assert last.file == "crawl.warc.gz"


@pytest.mark.parametrize(
    ("body", "said"), [(b"just text", "damaged after"), (b"\x1f\x8bnonsense", "damaged after"), (b"", "no article in")]
)
def test_what_is_no_archive_is_told(tmp_path, body, said):
    path = tmp_path / "x.warc.gz"
    path.write_bytes(body)
    (problem,) = read_archive(path)
    assert said in problem.message


def test_a_missing_archive_is_told(tmp_path):
    (problem,) = read_archive(tmp_path / "none.warc")
    assert "No such file" in problem.message
