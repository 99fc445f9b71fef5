"""Each ``feeds/NAME.xml`` gives what ``feeds/NAME.json`` says; a feed without its golden file fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from pipeline.parse import ParsedFeed, parse_feed
from pipeline.parse.feed_bytes import MAX_ATTRIBUTES, MAX_TAGS
from pipeline.records import Fetched, Source

FEEDS = sorted((Path(__file__).parent / "feeds").glob("*.xml"))
RSS = (
    '<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel><title>{title}</title>'
    "<item><title>{title}</title><description>{text}</description></item></channel></rss>"
)
# Title, text, language, charsets it is written in.
TEXTS = [
    (
        "アマゾン、新興に出資へ",
        "アマゾンは17日、新興企業に100億ドルを出資する協議に入った。",
        "ja",
        ("cp932", "euc_jp", "iso2022_jp"),
    ),
    (
        "삼성, 반도체 공급 계약",
        "삼성은 17일 인공지능 반도체를 공급하는 계약을 맺었다고 밝혔다.",
        "ko",
        ("euc_kr", "cp949"),
    ),
    ("阿里巴巴扩大投资", "阿里巴巴周三表示，未来三年将投入超过三千八百亿元建设数据中心。", "zh", ("gb2312", "gb18030")),
    ("台積電擴大投資", "台積電週三表示，將在美國擴大投資，興建新的晶圓廠與研發中心。", "zh", ("big5",)),
    (
        "Société générale prête à l’Élysée",
        "Le prêteur négocie à Évry un crédit de 300 millions d’euros.",
        "fr",
        ("cp1252",),
    ),
    ("Kraków: umowa na układy", "Spółka podpisała w środę umowę o dostawę układów dla żeglugi.", "pl", ("cp1250",)),
    (
        "Компания купит чипы",
        "Компания сообщила в среду о закупке чипов на миллиард рублей.",
        "ru",
        ("cp1251", "koi8_r"),
    ),
    ("Η εταιρεία επενδύει", "Η εταιρεία ανακοίνωσε την Τετάρτη επένδυση ενός δισεκατομμυρίου.", "el", ("cp1253",)),
    ("Şirket yatırım yapıyor", "Şirket çarşamba günü bir milyar dolarlık yatırım açıkladı, ığdır.", "tr", ("cp1254",)),
]
CHARSETS = [(title, text, lang, charset) for title, text, lang, charsets in TEXTS for charset in charsets]


def plain(feed: ParsedFeed) -> list[dict[str, Any]]:
    rows = []
    for item in feed.items:
        row = asdict(item)
        del row["source_id"], row["feed_url"]
        for key in ("published_at", "updated_at"):
            row[key] = row[key].isoformat() if row[key] else None
        rows.append(row)
    return rows


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.stem)
def test_golden(path: Path, source: Callable[..., Source], fetched: Callable[..., Fetched]) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    feed = parse_feed(path.read_bytes(), fetched(), source(expected.get("country", "US")))
    assert plain(feed) == expected["items"]
    assert (feed.feed_title, feed.language) == (expected["title"], expected["language"])
    assert [problem.kind for problem in feed.problems] == expected["problems"]


@pytest.mark.parametrize(("title", "text", "lang", "charset"), CHARSETS, ids=[f"{row[2]}-{row[3]}" for row in CHARSETS])
@pytest.mark.parametrize("declared", ["right", "utf-8", "iso-8859-1"])
@pytest.mark.parametrize("header", ["", "application/xml", "text/xml; charset=utf-8"])
def test_charsets(
    title: str, text: str, lang: str, charset: str, declared: str, header: str,
    source: Callable[..., Source], fetched: Callable[..., Fetched],
) -> None:  # fmt: skip
    label = charset if declared == "right" else declared
    body = RSS.format(declared=label, title=title, text=text).encode(charset)
    feed = parse_feed(body, fetched(content_type=header), source(language=lang))
    assert [(item.title, item.summary) for item in feed.items] == [(title, text)]


def test_header_contradicts_declaration(source: Callable[..., Source], fetched: Callable[..., Fetched]) -> None:
    body = RSS.format(declared="utf-8", title="会社、出資へ", text="会社は17日に出資を発表した。").encode("euc_jp")
    feed = parse_feed(body, fetched(content_type="application/rss+xml; charset=Shift_JIS"), source(language="ja"))
    assert feed.items[0].title == "会社、出資へ"
    assert {problem.kind for problem in feed.problems} == {"encoding"}


def test_invisible_characters_go_and_huge_titles_are_cut(
    source: Callable[..., Source], fetched: Callable[..., Fetched]
) -> None:
    title = "Deal\u202e\u200b \u2066sealed\u2069&#x0B; " + "x" * 5000
    feed = parse_feed(RSS.format(declared="utf-8", title=title, text="a\u200db").encode(), fetched(), source())
    assert feed.items[0].title.startswith("Deal sealed xxx")
    assert len(feed.items[0].title) == 500
    assert feed.items[0].summary == "ab"
    assert [problem.kind for problem in feed.problems] == ["title"]


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ('<guid isPermaLink="false">https://news.example/id/7</guid>', ""),
        ("<guid>https://news.example/id/7</guid>", "https://news.example/id/7"),
        ('<link>javascript:x()</link><guid isPermaLink="true">https://news.example/id/7</guid>', "https://news.example/id/7"),
        ('<link>/a</link><guid isPermaLink="false">https://news.example/id/7</guid>', "https://news.example/a"),
    ],
)  # fmt: skip
def test_a_guid_is_visited_unless_it_says_that_it_is_no_address(
    item: str, url: str, source: Callable[..., Source], fetched: Callable[..., Fetched]
) -> None:
    feed = parse_feed(f"<rss version='2.0'><channel><item>{item}</item></channel></rss>".encode(), fetched(), source())
    assert [item.url for item in feed.items] == [url]


def test_entities_are_neither_fetched_nor_multiplied(
    source: Callable[..., Source], fetched: Callable[..., Fetched], tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    doctype = f'<!DOCTYPE r [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY a "{"z" * 1000}">'
    doctype += "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 30}">' for i in range(6)) + "]>"
    item = "<item><title>t &x; &g; u</title></item>"
    body = f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel>{item}</channel></rss>'
    feed = parse_feed(body.encode(), fetched(), source())
    assert "hidden" not in feed.items[0].title
    assert len(feed.items[0].title) <= 500


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b"\x00\x00", "empty"),
        (b"<html><body>Not found</body></html>", "malformed"),
        (b"\x89PNG\r\n\x1a\n" * 50, "malformed"),
    ],
)
def test_no_feed_is_a_problem(
    body: bytes, kind: str, source: Callable[..., Source], fetched: Callable[..., Fetched]
) -> None:
    feed = parse_feed(body, fetched(), source())
    assert feed.items == ()
    assert kind in [problem.kind for problem in feed.problems]
    assert "https://news.example/feed.xml" in str(feed.problems[-1])


def rss(item: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?>{head}<rss version="2.0"><channel>{item}</channel></rss>'.encode()


def crowded(count: int) -> str:
    return "<item " + " ".join(f"a{number} = '>'" for number in range(count)) + "><title>t</title></item>"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (rss(crowded(MAX_ATTRIBUTES + 1)), "attributes"),
        (rss(crowded(MAX_ATTRIBUTES + 1)).decode().encode("utf-16"), "attributes"),
        (rss("<item/>" * (MAX_TAGS + 1)), "tags"),
        (rss("<item/>", "<!DOCTYPE rss [<!ATTLIST item a CDATA '1'>]>"), "declares"),
        (rss("<item/>", "<!DOCTYPE rss [<!ENTITY % x \"&#60;!ATTLIST item a CDATA '1'>\"> %x;]>"), "declares"),
    ],
    ids=["attributes", "attributes in UTF-16", "tags", "declared attributes", "declared by an entity"],
)
def test_what_would_keep_a_parser_busy_is_not_read(
    body: bytes, said: str, source: Callable[..., Source], fetched: Callable[..., Fetched]
) -> None:
    feed = parse_feed(body, fetched(), source())
    assert feed.items == ()
    (problem,) = (problem for problem in feed.problems if problem.kind == "too_large")
    assert said in problem.message


@pytest.mark.parametrize(
    "body",
    [
        rss(crowded(MAX_ATTRIBUTES)),
        rss("<item><title>t</title><description><![CDATA[<!ATTLIST is a word of XML]]></description></item>"),
        rss("<item><title>t</title></item>", '<!DOCTYPE rss [<!ENTITY % HTMLlat1 PUBLIC "-//W3C//x" "http://x/y"> ]>'),
    ],
    ids=["attributes", "text about XML", "an entity of elsewhere"],
)
def test_what_is_only_odd_is_read(body: bytes, source: Callable[..., Source], fetched: Callable[..., Fetched]) -> None:
    assert [item.title for item in parse_feed(body, fetched(), source()).items] == ["t"]
