"""First inputs of the targets, made of the repository's own samples and words."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator

from benchmarks.reliability.fuzz import samples, words
from benchmarks.reliability.fuzz.bodies import NOW, URL
from benchmarks.reliability.fuzz.target import ROOT
from benchmarks.reliability.fuzz.texts import COUNTRIES
from models.data_files import languages

_TESTS = ROOT / "tests"


# --- texts: a byte that chooses a language or country, then UTF-8 ----------------------------------------------------


def money() -> Iterator[bytes]:
    """The texts of the money grammar's own cases."""
    for number, code in enumerate(languages()):
        for line in (_TESTS / "models" / "specs" / "money" / f"{code}.jsonl").read_text("utf-8").splitlines():
            yield bytes([number]) + json.loads(line)["text"].encode()


def quantities() -> Iterator[bytes]:
    """Sums, and capacities beside them."""
    yield from money()
    for text in ("1.2GW with 40,000 Nvidia GPUs", "GPU 5만장", "1万8000基のGPU", "五万张芯片", "500 MW, 20.000 Chips"):
        yield from (bytes([number]) + text.encode() for number in range(len(languages())))


def chips() -> Iterator[bytes]:
    """A chip by each of its names."""
    yield from (b"\1" + word.encode() for word in words.chips())


def sentences() -> Iterator[bytes]:
    """Articles of the sample newsroom."""
    for number, code in enumerate(languages()):
        yield from (bytes([number]) + text.encode() for lang, _, text in samples.articles() if lang == code)


def dates() -> Iterator[bytes]:
    """Dates in many hands."""
    for text in ("2025-12-17T09:30:00+09:00", "Wed, 17 Dec 2025 09:30:05 GMT", "Wed Dec 17 09:30:05 JST 2025",
                 "17.12.2025, 9.30 Uhr", "令和7年12月17日 午後3時05分", "2025년 12월 17일 오후 3:05", "03/04/2025",
                 "17 de diciembre de 2025", "le 1er mars 2024 à 10h", "https://a.example/2025/12/17/b"):  # fmt: skip
        yield from (bytes([number]) + text.encode() for number in range(len(COUNTRIES)))


def addresses() -> Iterator[bytes]:
    """An address, a line end, and what the page declares."""
    yield from (f"{url}\n{url}?utm_source=rss#x".encode() for url in samples.site() if url.startswith("http"))
    yield b"http://www.news.example:8080/a//b/../c;d?x=1&utm_medium=y&from=rss\n//m.news.example/index.html"
    yield "https://b\u00fccher.example/\u65e5\u672c?q=%zz\n".encode() + b"/a?b"


def harmless() -> Iterator[bytes]:
    """What terminals, mails and XML dislike."""
    yield b"\x20\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]52;c;Z290\x1b\\ \x9b2J"
    yield "\x10\u202etxt.exe\u202c \u2066x\u2069 \ufffe \u2028 a\u200db \x9b1m".encode()


# --- bodies: two bytes that choose content type and language, then what was sent -------------------------------------


def encodings() -> Iterator[bytes]:
    """A body as each encoding packs it, and to be packed."""
    import zlib

    import brotli

    body = b"<rss><channel><title>news</title></channel></rss>" * 3
    for number, packed in enumerate((gzip.compress(body), zlib.compress(body), brotli.compress(body), body)):
        yield bytes([number, 1]) + packed
    yield bytes([0, 40]) + gzip.compress(body) + gzip.compress(b"second member")
    yield from (bytes([how, 200]) + body for how in (128, 129, 130, 131, 240, 241, 242, 243))


def charsets() -> Iterator[bytes]:
    """Headlines of the sample newsroom in the charsets that papers use."""
    charset = {"ja": ("shift_jis", "euc_jp", "iso2022_jp"), "ko": ("euc_kr",), "zh": ("gb18030", "big5"),
               "de": ("cp1252", "utf-16"), "fr": ("utf-8",)}  # fmt: skip
    for lang, title, _ in samples.articles():
        for name in charset.get(lang, ()):
            yield b"\7\7" + f'<?xml version="1.0" encoding="{name}"?>{title}'.encode(name, "replace")
            yield b"\6\7" + f"<meta charset={name}>{title}".encode(name, "replace")


def feeds() -> Iterator[bytes]:
    """The test feeds and those of the sample newsroom, with two items each."""
    for path in sorted((_TESTS / "pipeline" / "parse" / "feeds").glob("*.xml")):
        yield b"\1\0" + path.read_bytes()
    for resource in samples.site().values():
        if "xml" in resource.content_type and b"<item>" in resource.body:
            head, *items = resource.body.split(b"<item>")
            tail = b"</channel></rss>"
            yield b"\1\0" + b"<item>".join([head, *items[:2]]).removesuffix(tail) + tail
    yield b"\5\0" + json.dumps({
        "version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [
            {"id": "1", "url": URL, "title": "a", "content_html": "<p>b</p>", "date_published": "2026-01-01T00:00:00Z"}
        ]}).encode()  # fmt: skip


def pages() -> Iterator[bytes]:
    """Pages of the sample newsroom."""
    yield from (b"\0\0" + page for page in plain_pages())


def plain_pages() -> Iterator[bytes]:
    """The same as files: the shortest page of each publisher."""
    shortest: dict[str, bytes] = {}
    for path, resource in samples.site().items():
        publisher = path.split("/")[1]
        known = shortest.get(publisher)
        if "html" in resource.content_type and path.count("/") > 2 and (not known or len(resource.body) < len(known)):
            shortest[publisher] = resource.body
    yield from shortest.values()


def robots() -> Iterator[bytes]:
    """Rules of several kinds."""
    yield samples.site()["/robots.txt"].body
    yield b"User-agent: *\nDisallow: /a\nAllow: /a/b*.html$\nCrawl-delay: 2\nRequest-rate: 1/5s 0900-1700"
    yield b"\xef\xbb\xbfUser-agent: Dealwire\nDisallow: /%E6%97%A5/*?x=%zz$\nCrawl-delay: nan\nSitemap: //x"


# --- files -----------------------------------------------------------------------------------------------------------


def opml() -> Iterator[bytes]:
    """A list of ours, and one that any reader writes."""
    from pipeline.sources import load_sources
    from pipeline.sources.opml import export_opml

    yield export_opml(load_sources().sources[:3]).encode()
    yield b"<opml version='1.0'><body><outline text='a'><outline xmlUrl='https://a.example/f' title='A'/></outline>"
    yield "<?xml version='1.0' encoding='utf-16'?><opml version='2.0'><body/></opml>".encode("utf-16")


def source_files() -> Iterator[bytes]:
    """Three sources that come with Dealwire, under one name."""
    from pipeline.sources import load_sources
    from pipeline.sources.catalog import packaged_folder

    for source in load_sources().sources[:3]:
        text = (packaged_folder() / f"{source.id}.toml").read_text("utf-8")
        yield text.replace(f'"{source.id}"', '"news-example"', 1).encode()


def alert_rules() -> Iterator[bytes]:
    """The rules of the manual."""
    yield from samples.toml_of("alerts.md")


def subscriptions() -> Iterator[bytes]:
    """Subscriptions of two readers."""
    yield b"""# readers
[[subscription]]
address = "ann@example.org"
language = "de"
currency = "EUR"
cadence = "weekly"
day = "mon"
time = "07:30"
zone = "Europe/Berlin"
companies = ["openai", "amazon"]
chips = ["nvidia-blackwell"]
types = ["equity_investment"]
min_usd = 1e9

[[subscription]]
address = "bob@example.org"
time = 08:00:00
quiet_days = "nothing"
format = "text"
"""


def raw_batches() -> Iterator[bytes]:
    """A line of a batch."""
    from pipeline.batches import _lines
    from pipeline.records import Article

    yield _lines(Article).dump_json(samples.article())


def readings() -> Iterator[bytes]:
    """A line of a batch of readings."""
    from models.facts import (
        Amount,
        ChipMention,
        Compute,
        Deal,
        DealAmount,
        Entity,
        Party,
        Reading,
        Span,
    )
    from pipeline.batches import ArticleRead, _lines

    deal = Deal("compute_contract", "announced", (Party("amazon", "provider"), Party("openai", "customer")),
                DealAmount(3.8e10, "USD"), ("nvidia-gb200",), Compute(1.5, 500_000), Span(0, 9), 0.9)  # fmt: skip
    entities, chips = (Entity("OpenAI", 0, 6, "org", "openai"),), (ChipMention("GB200", 7, 12, "nvidia-gb200", 5),)
    amounts = (Amount("$38 billion", 0, 11, 3.8e10, "USD"),)
    reading = Reading("a", "en", True, entities, chips, amounts, (deal,), "rules")
    yield _lines(ArticleRead).dump_json(ArticleRead(samples.article(), reading))


def documents() -> Iterator[bytes]:
    """Lines as extract reads them."""
    for number, (lang, title, text) in enumerate(samples.articles()[:8]):
        row = {"id": f"d{number}", "title": title, "text": text[:400], "lang": lang, "published": "2026-03-01"}
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n" + json.dumps({"id": number, "text": title}).encode()


def saved_texts() -> Iterator[bytes]:
    """Articles as text files, one with a page's furniture around it."""
    for _, title, text in samples.articles()[:16]:
        yield f"{title}\n\n{text[:800]}".encode()
    _, title, text = samples.articles()[0]
    yield f"Home | News | Login\n{title}\nShare\n{title}\n{text[:500]}\nRelated\n#ai #cloud".encode("utf-16")


def mails() -> Iterator[bytes]:
    """Letters of ours, plain and with HTML, and one from an old program."""
    from pipeline.mail.message import build_message, bytes_of
    from pipeline.mail.settings import MailSettings

    for _, title, text in samples.articles()[:6]:
        html = f"<html><body><h1>{title}</h1><p>{text[:600]}</p></body></html>"
        for plain, page in ((text[:300], None), (None, html), (text[:100], html)):
            yield bytes_of(build_message(MailSettings(), to="Ann <ann@example.org>", subject=title, message_id="<1@a>",
                                         when=NOW, text=plain, html=page))  # fmt: skip
    yield (b"Date: Wed, 17 Dec 2025 09:30:05 +0900\r\nSubject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\nContent-Type: "
           b"multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain; charset=cp932\r\n\r\n"
           b"\x93\xfa\r\n--x--\r\n")  # fmt: skip


def archives() -> Iterator[bytes]:
    """Two captured pages, packed and not."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    for packed in (True, False):
        for page in list(plain_pages())[:2]:
            stream = io.BytesIO()
            writer = WARCWriter(stream, gzip=packed)
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            record = writer.create_warc_record(URL, "response", payload=io.BytesIO(page[:6000]), http_headers=headers)
            writer.write_record(record)
            yield stream.getvalue()


# --- headers ---------------------------------------------------------------------------------------------------------


def letters() -> Iterator[bytes]:
    """A mailbox, a subject, a text."""
    yield b"Ann Example <ann@example.org>\nThree deals today\nText"
    yield '"M\u00fcller, J\u00f6rg" <j.m+x@b\u00fccher.example>\n\u4e09\u4ef6\u306e\u53d6\u5f15\n\u672c\u6587'.encode()
    yield "j\u00f6rg@example.org\nSubject\r\nBcc: x\nText\n.\n".encode()


def webhooks() -> Iterator[bytes]:
    """A key, a line end, a body."""
    yield b"whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz\n{}"
    yield b"a-plain-secret-of-24-bytes-or-more\n{}"


def answers() -> Iterator[bytes]:
    """A byte that chooses the content type, a Retry-After, a line end, a body."""
    yield b"\1" + b"120\n<?xml version='1.0'?><rss version='2.0'>"
    yield b"\0" + b"Wed, 01 Apr 2026 07:00:00 GMT\n<!doctype html><html>"
    yield b"\5" + b"Wed Apr  1 07:00:00 30828\n" + b"<r\0d\0f\0:\0"
