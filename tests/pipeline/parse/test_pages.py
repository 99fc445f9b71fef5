"""Pages to articles: charsets, times, addresses, and what stands in where a page gives nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pipeline.parse import ParseProblem, article_from_item, parse_page
from pipeline.records import Article, FeedItem, Fetched, Source

URL = "https://news.example/2025/12/16/deal?utm_source=feed"
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="{charset}"><title>{title} | Example</title>
<meta property="og:site_name" content="Example">{head}</head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/tech">Tech</a></li></ul></nav>
<article><h1>{title}</h1>{body}</article>
<aside><h2>Related</h2><ul><li><a href="/x">Another story about something else</a></li></ul></aside>
<footer>(c) Example</footer></body></html>"""
JSON_LD = (
    '<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite"},'
    '{"@type":"NewsArticle","headline":"Harbor Compute signs chip order","datePublished":"2025-12-17T09:30:00+09:00",'
    '"author":[{"@type":"Person","name":"Ada Writer"}]}]}</script><link rel="canonical" href="/2025/12/16/deal">'
)
TITLE = "Harbor Compute signs chip order"
JAPANESE = "港湾計算は17日、半導体4万個を20億ドルで発注したと発表した。納入は来年に始まる。"
SENTENCE = (
    "Harbor Compute will buy 40,000 accelerators from Quarry Silicon for $2 billion, the company said on Wednesday. "
)
CJK = [
    ("ja", "港湾計算、半導体を発注", JAPANESE, "cp932"),
    ("ja", "港湾計算、半導体を発注", JAPANESE, "euc_jp"),
    ("ko", "하버, 반도체 발주", "하버컴퓨트는 17일 반도체 4만 개를 20억 달러에 발주했다고 밝혔다.", "euc_kr"),
    ("zh", "港湾计算订购芯片", "港湾计算周三宣布，以二十亿美元订购四万枚人工智能芯片，明年开始交付。", "gb18030"),
    ("zh", "港灣運算訂購晶片", "港灣運算週三宣布，以二十億美元訂購四萬枚人工智慧晶片，明年開始交付。", "big5"),
    ("fr", "Commande à Évry", "L’entreprise a annoncé une commande de puces à près de 2 milliards.", "cp1252"),
    ("ru", "Новый заказ на чипы", "Компания сообщила в среду о заказе сорока тысяч чипов.", "cp1251"),
]  # fmt: skip


def page(title: str = TITLE, body: str | None = None, head: str = "", lang: str = "en", charset: str = "utf-8") -> str:
    paragraphs = body if body is not None else "".join(f"<p>{SENTENCE}Part {n}.</p>" for n in range(4))
    return PAGE.format(title=title, body=paragraphs, head=head, lang=lang, charset=charset)


def item(**changes: object) -> FeedItem:
    values = {
        "source_id": "example", "feed_url": "https://news.example/feed.xml", "guid": "g", "url": URL, "title": TITLE,
        "summary": "Harbor Compute buys chips.", "content": "", "published_at": datetime(2025, 12, 18, 1, tzinfo=UTC),
        "updated_at": None, "precision": "second", "language": "en",
    }  # fmt: skip
    return FeedItem(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def read(
    source: Callable[..., Source], fetched: Callable[..., Fetched], now: datetime
) -> Callable[..., Article | ParseProblem]:
    def run(
        body: str | bytes, entry: FeedItem | None = None, *, content_type: str = "text/html", state: str = "ok",
        country: str = "US", language: str = "en", url: str = URL,
    ) -> Article | ParseProblem:  # fmt: skip
        raw = body.encode() if isinstance(body, str) else body
        return parse_page(raw, fetched(url, content_type, state), source(country, language), entry, now)

    return run


def test_whole_page(read: Callable[..., Article]) -> None:
    article = read(page(head=JSON_LD))
    assert article.title == TITLE
    assert article.text.split("\n")[0].strip() == f"{SENTENCE}Part 0."
    assert "Another story" not in article.text
    assert "Home" not in article.text
    assert article.url == "https://news.example/2025/12/16/deal"
    assert (article.published_at, article.precision) == (
        datetime(2025, 12, 17, 0, 30, tzinfo=UTC),
        "second",
    )
    assert article.published_from == "page"
    assert article.author == "Ada Writer"
    assert (article.lang, article.text_from, article.raw_sha256) == ("en", "page", "0" * 64)
    assert article.version_id.startswith(article.id)


@pytest.mark.parametrize(("lang", "title", "sentence", "charset"), CJK, ids=[f"{row[0]}-{row[3]}" for row in CJK])
@pytest.mark.parametrize("declared", ["right", "utf-8", "iso-8859-1"])
@pytest.mark.parametrize("paragraphs", [1, 6])
def test_charsets(
    lang: str, title: str, sentence: str, charset: str, declared: str, paragraphs: int, read: Callable[..., Article]
) -> None:
    label = charset if declared == "right" else declared
    html = page(title, f"<p>{sentence}</p>" * paragraphs, lang=lang, charset=label)
    article = read(html.encode(charset), language=lang)
    assert (article.title, article.lang) == (title, lang)
    assert sentence in article.text


def test_the_earlier_exact_time_counts(read: Callable[..., Article]) -> None:
    stamped = page(head=JSON_LD)
    assert read(stamped, item()).published_from == "page"
    early = read(stamped, item(published_at=datetime(2025, 12, 16, 23, tzinfo=UTC)))
    assert (early.published_from, early.published_at) == ("feed", datetime(2025, 12, 16, 23, tzinfo=UTC))


def test_a_day_from_the_address_is_the_last_resort(read: Callable[..., Article]) -> None:
    article = read(page())
    assert (article.published_at, article.precision) == (datetime(2025, 12, 16, tzinfo=UTC), "day")
    unknown = read(page(), url="https://news.example/deal")
    assert (unknown.published_at, unknown.precision, unknown.published_from) == (None, "unknown", "unknown")


def test_a_future_time_is_refused_with_a_note(read: Callable[..., Article]) -> None:
    head = '<meta property="article:published_time" content="2031-01-01T00:00:00Z">'
    article = read(page(head=head), url="https://news.example/deal")
    assert article.published_at is None
    assert any("future" in note for note in article.notes)
    assert article.seen_at == datetime(2025, 12, 20, 12, tzinfo=UTC)


def test_a_clock_without_zone_is_the_publishers(read: Callable[..., Article]) -> None:
    head = '<meta name="pubdate" content="2025-12-17 09:30">'
    article = read(page(head=head), country="JP")
    assert article.published_at == datetime(2025, 12, 17, 0, 30, tzinfo=UTC)
    assert "no zone given: JP assumed" in article.notes


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        (b"", {}),
        (b"%PDF-1.7 binary", {}),
        (b"x" * 20_000_001, {}),
        (page(body="").encode(), {}),
        (page().encode(), {"state": "forbidden"}),
        (page().encode(), {"content_type": "image/png"}),
    ],
    ids=["empty", "pdf", "too large", "no text", "refused", "image"],
)
def test_the_feeds_text_stands_in(
    body: bytes, changes: dict[str, str], read: Callable[..., Article | ParseProblem]
) -> None:
    article = read(body, item(), **changes)
    assert isinstance(article, Article)
    assert (article.text, article.text_from, article.published_from) == ("Harbor Compute buys chips.", "feed", "feed")
    assert article.notes[0].startswith("text from the feed: ")
    problem = read(body, None, **changes)
    assert isinstance(problem, ParseProblem)
    assert "news.example" in str(problem)


def test_a_teaser_yields_to_a_full_feed(read: Callable[..., Article]) -> None:
    whole = SENTENCE * 30
    article = read(page(body=f"<p>{SENTENCE}</p><p>{SENTENCE}Subscribe to go on.</p>"), item(content=whole))
    assert article.text == whole.strip()


def test_page_and_feed_share_an_id(read: Callable[..., Article], source: Callable[..., Source], now: datetime) -> None:
    feed = article_from_item(item(), source(), now)
    assert isinstance(feed, Article)
    assert feed.id == read(page(head=JSON_LD), item()).id
    assert feed.version_id != read(page(head=JSON_LD), item()).version_id


def test_an_item_without_words_is_a_problem(source: Callable[..., Source], now: datetime) -> None:
    assert isinstance(article_from_item(item(title="", summary=""), source(), now), ParseProblem)
    headline = article_from_item(item(summary=""), source(), now)
    assert isinstance(headline, Article)
    assert headline.notes == ("the feed carries a headline only",)


def test_a_cut_headline_is_taken_whole_from_the_page(read: Callable[..., Article]) -> None:
    assert read(page(), item(title="Harbor Compute signs …")).title == TITLE
    assert read(page(), item(title="Another headline")).title == "Another headline"


@pytest.mark.parametrize(
    "hostile",
    [
        "<div>" * 50_000 + SENTENCE * 3,
        "<p>" + "\ud800" + SENTENCE * 3 + "\x00\u202e</p>",
        "<script type='application/ld+json'>" + "[" * 50_000 + "</script>" + f"<p>{SENTENCE * 3}</p>",
        "<table>" * 300 + f"<tr><td>{SENTENCE * 3}</td></tr>",
    ],
    ids=["deep", "surrogate", "deep json", "tables"],
)
def test_hostile_markup(hostile: str, read: Callable[..., Article]) -> None:
    article = read(page(body=hostile).encode("utf-8", "surrogatepass"))
    assert "Harbor Compute will buy" in article.text
    assert not set("\u202e\x00\ud800") & set(article.text)
