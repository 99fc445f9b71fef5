"""What a digest tells of a ledger, and that nothing a stranger wrote can act in it."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from pipeline.digest import (
    Filters,
    Preferences,
    build,
    inline_images,
    known_until,
    render_html,
    render_text,
    subject,
    write_preview,
)  # fmt: skip
from pipeline.digest.wrap import columns

TALKS = {"amazon": "investor", "openai": "investee"}
SAID = "アマゾンがオープンAIに100億ドル超を出資する方向で協議を始めた"


class Tags(HTMLParser):
    """All tags with their attributes, and the text outside of style."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self._open = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data):
        if self._open != "style":
            self.text.append(data)


def test_a_line_reads_as_an_editor_would_write_it(store, tell):
    until = tell("2025-12-17", "equity_investment", "in_talks", TALKS, 10e9, bound="over", said=SAID, lang="ja",
                 chips=["aws-trainium"])  # fmt: skip
    digest = build(store.con, None, until, Preferences("en", "JPY"))
    (line,) = digest.lines
    assert line.sentence == "Amazon is in talks to invest more than $10 bn (about ¥1.6 tn) in OpenAI"
    assert (line.section, line.status, line.evidence, line.evidence_lang) == ("new", "in_talks", SAID, "ja")
    assert (line.sources, line.languages, line.url, line.tier) == (1, ("ja",), "https://example.org/0", 2)
    assert "in OpenAI — AWS Trainium" in " ".join(render_text(digest).split())
    digest = build(store.con, None, until, Preferences("ja"))
    assert digest.lines[0].sentence == "アマゾンがオープンAIに100億ドル超を出資する方向で協議している"
    assert "wire、信頼度2" in render_text(digest)


def test_it_tells_what_changed_since_and_nothing_twice(store, tell):
    first = tell("2025-12-17", "equity_investment", "in_talks", TALKS, 10e9, bound="over")
    second = tell("2025-12-18", "equity_investment", "in_talks", TALKS, 10e9, bound="over", source="yonhap", lang="ko")
    assert build(store.con, first, second).is_empty
    third = tell("2026-02-20", "equity_investment", "announced", TALKS, 10e9)
    (line,) = build(store.con, second, third).lines
    assert (line.section, line.before) == ("status", "Until now: in talks, more than $10 bn")
    assert line.sentence == "Amazon has agreed to invest $10 bn in OpenAI"
    assert (line.sources, line.languages, line.first) == (2, ("en", "ko"), "wire")
    (line,) = build(store.con, None, third).lines
    assert (line.section, line.status) == ("new", "announced")
    assert build(store.con, third, third + timedelta(days=1)).is_empty


def test_an_event_redated_before_its_first_digest_is_told_and_after_it_is_not(store, tell):
    first = tell("2025-12-19", "equity_investment", "announced", TALKS, 10e9)
    second = tell(
        "2025-12-17", "equity_investment", "announced", TALKS, 10e9, source="yonhap"
    )  # told late, earlier day
    events = store.con.execute("SELECT replaces FROM deal_events WHERE retracted_at IS NULL").fetchall()
    assert len(events) == 1
    assert events[0][0] is not None
    (line,) = build(store.con, None, second).lines
    assert (line.section, str(line.on)) == ("new", "2025-12-17")
    assert build(store.con, first, second).is_empty


def test_a_past_digest_can_be_written_again(store, tell):
    first = tell("2025-12-17", "equity_investment", "in_talks", TALKS, 10e9)
    then = build(store.con, None, first).lines[0].sentence
    tell("2026-02-20", "equity_investment", "ended", TALKS, 10e9)
    assert build(store.con, None, first).lines[0].sentence == then


def test_what_is_revised_or_disputed_says_both_sums(store, tell):
    first = tell("2026-02-20", "equity_investment", "announced", TALKS, 10e9)
    second = tell("2026-03-20", "equity_investment", "announced", TALKS, 15e9, tier=1)
    (line,) = build(store.con, first, second).lines
    assert line.section == "amount"
    assert line.sentence == "The sum of the investment by Amazon in OpenAI is now put at $15 bn, after $10 bn"
    third = tell("2026-03-20", "equity_investment", "announced", TALKS, 18e9, source="gazette", tier=4)
    (line,) = build(store.con, second, third).lines
    assert line.section == "conflict"
    assert line.sentence == "gazette puts the investment by Amazon in OpenAI at $18 bn, against $15 bn"
    assert build(store.con, third, third + timedelta(hours=1)).is_empty


def test_what_no_article_upholds_any_more_is_taken_back(store, tell):
    first = tell("2026-02-20", "equity_investment", "announced", TALKS, 10e9, url="https://example.org/same")
    second = tell("2026-02-20", "acquisition", "announced", {"google": "acquirer", "wiz": "target"}, 32e9,
                  url="https://example.org/same", corrects=0)  # fmt: skip
    lines = build(store.con, first, second).lines
    assert [(line.section, line.deal_id.split("-")[0]) for line in lines] == [
        ("new", "google"),
        ("taken_back", "amazon"),
    ]
    assert lines[1].sentence == "No longer upheld: Amazon has agreed to invest $10 bn in OpenAI"
    assert [line.section for line in build(store.con, None, second).lines] == ["new"]


def test_talks_that_went_silent_are_followed_up_once(store, tell):
    told = tell("2026-03-30", "equity_investment", "in_talks", TALKS, 10e9)
    days = [datetime(2026, 5, 27, 6, tzinfo=UTC) + timedelta(days=step) for step in range(4)]
    lines = [build(store.con, since, until).lines for since, until in zip([told, *days], days, strict=False)]
    assert [len(found) for found in lines] == [0, 0, 1, 0]
    assert lines[2][0].section == "follow_up"
    assert lines[2][0].sentence == "No news for 60 days: Amazon is in talks to invest $10 bn in OpenAI"


def test_a_part_expected_by_a_day_is_asked_after(store, tell):
    told = tell("2026-03-30", "equity_investment", "announced", TALKS, 10e9, occurred="2026-10-01")
    before, after = (datetime(2026, 10, day, 12, tzinfo=UTC) for day in (1, 2))
    assert build(store.con, told, before).is_empty
    (line,) = build(store.con, before, after).lines
    assert line.sentence == (
        "Expected by 1 October 2026 and not reported done: Amazon has agreed to invest $10 bn in OpenAI"
    )


def many(tell, count):
    companies = ["anthropic", "mistral-ai", "xai", "coreweave", "oracle", "microsoft", "meta", "nvidia", "amd", "intel"]
    pairs = [(one, other) for one in companies for other in companies if one < other][:count]
    for number, (one, other) in enumerate(pairs):
        now = tell("2026-03-01", "acquisition", "announced", {one: "acquirer", other: "target"}, (number + 1) * 1e9)
    return now


def test_the_largest_come_first_and_the_rest_in_brief(store, tell):
    digest = build(store.con, None, many(tell, 27))
    assert digest.lines[0].sentence.endswith("for $27 bn")
    assert (len(digest.lines), digest.counts["new"], digest.more) == (27, 27, 0)
    text = render_text(digest)
    assert text.index("$4 bn") < text.index("\nAlso\n----\n") < text.index("$3 bn")
    assert text.count("“So it was said.”") == 24
    assert digest.active[0] == ("Anthropic", 8)


def test_what_is_cut_is_counted(store, tell, monkeypatch):
    monkeypatch.setattr(sys.modules["pipeline.digest.build"], "MAX_LINES", 3)
    digest = build(store.con, None, many(tell, 5))
    assert (len(digest.lines), digest.more) == (3, 2)
    assert "2 more changes are in the ledger." in render_text(digest)
    assert subject(digest).endswith("(+4 more)")


HOSTILE = '<script>alert(1)</script> "quoted" & <img src=x onerror=alert(1)> {{ 7 * 7 }}'


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,<script>", "file:///etc/passwd", "https://", "https://a.org/\nBcc:x"]
)
def test_nothing_that_a_stranger_wrote_can_act(store, tell, url):
    parties = {"~<b>evil</b>": "investor", "~\u202etxt\r\nBcc: x": "investor", "openai": "investee"}
    until = tell("2025-12-17", "equity_investment", "in_talks", parties, 10e9, said=HOSTILE, url=url,
                 source="<i>paper</i>")  # fmt: skip
    digest = build(store.con, None, until)
    page = Tags(render_html(digest, (), "javascript:alert(2)\r\nX: y"))
    assert not {tag for tag, _ in page.tags} & {"script", "img", "i", "iframe", "link"}
    assert [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)] == []
    assert HOSTILE in page.text
    assert url not in render_text(digest)
    assert "\u202e" not in render_html(digest) + render_text(digest) + subject(digest)
    assert not re.search(r"^Bcc:", render_text(digest), re.MULTILINE)
    assert "\n" not in subject(digest)


def test_a_name_of_ten_thousand_characters_does_not_burst_the_page(store, tell):
    until = tell("2025-12-17", "equity_investment", "in_talks", {"~" + "x" * 10_000: "investor", "openai": "investee"},
                 said="y" * 10_000)  # fmt: skip
    digest = build(store.con, None, until)
    assert len(render_html(digest)) < 20_000
    assert len(subject(digest)) < 200


def test_the_page_needs_nothing_from_elsewhere(store, tell, tmp_path):
    until = tell("2025-12-17", "equity_investment", "in_talks", TALKS, 10e9, url='https://example.org/"><script>&a=1')
    path = write_preview(build(store.con, None, until, Preferences("ja")), tmp_path / "new" / "digest.html")
    page = Tags(path.read_text("utf-8"))
    images = [attrs for tag, attrs in page.tags if tag == "img"]
    assert [attrs["src"][:22] for attrs in images] == ["data:image/png;base64,"] * 2
    assert all(attrs["alt"] for attrs in images)
    assert not [attrs for tag, attrs in page.tags if tag != "img" and {"src", "background", "srcset"} & attrs.keys()]
    links = [attrs["href"] for tag, attrs in page.tags if "href" in attrs]
    assert links == ['https://example.org/"><script>&a=1']
    assert "prefers-color-scheme: dark" in path.read_text("utf-8")
    assert "style" in dict(page.tags)["h1"]
    assert "url(" not in path.read_text("utf-8")
    text = path.with_suffix(".txt").read_text("utf-8")
    assert "アマゾンがオープンAIに100億ドルを出資する方向で協議している。" in text
    assert [line for line in text.splitlines() if columns(line) > 74 and "://" not in line] == []


def test_a_message_names_the_charts_that_go_with_it(store, tell):
    digest = build(store.con, None, tell("2025-12-17", "equity_investment", "in_talks", TALKS, 10e9))
    images = inline_images(digest)
    page = Tags(render_html(digest, images, "https://example.org/stop?a=1&b=2"))
    assert [attrs["src"] for tag, attrs in page.tags if tag == "img"] == [f"cid:{image.cid}" for image in images]
    assert [attrs["href"] for tag, attrs in page.tags if tag == "a"][-1] == "https://example.org/stop?a=1&b=2"
    assert all(image.alt in render_text(digest).replace("\n", " ") for image in images)
    assert "Unsubscribe: https://example.org/stop?a=1&b=2" in render_text(digest, "https://example.org/stop?a=1&b=2")


def test_a_quiet_day_is_one_line(store, tell):
    until = tell("2025-12-17", "equity_investment", "in_talks", TALKS)
    digest = build(store.con, until, until + timedelta(days=1))
    assert inline_images(digest) == ()
    assert render_text(digest).count("Nothing new") == 1
    assert "Nothing new" in render_html(digest)
    assert subject(digest) == "Nothing new in the AI cloud war"


def test_feeds_that_fail_are_named(store, tell):
    store.con.execute(
        "INSERT INTO feed_state (feed_url, source_id, failures) VALUES ('https://a.org/feed', 'the-wire', 6)"
    )
    store.con.execute(
        "INSERT INTO fetch_log (source_id, url, kind, state, fetched_at) "
        "VALUES ('the-wire', 'u', 'feed', 'timeout', now())"
    )
    digest = build(store.con, None, tell("2025-12-17", "equity_investment", "in_talks", TALKS))
    assert "no answer from the feeds of the-wire." in " ".join(render_text(digest).split())
    assert "the-wire" in render_html(digest)


def test_a_reader_is_told_of_what_the_filters_let_through(store, tell):
    tell("2025-12-17", "equity_investment", "in_talks", TALKS, 10e9, chips=["aws-trainium"], lang="ja")
    until = tell("2025-12-18", "acquisition", "announced", {"google-cloud": "acquirer", "wiz": "target"}, 2e9)
    assert known_until(store.con) == until

    def told(**filters):
        digest = build(store.con, None, until, Preferences(filters=Filters(**filters)))
        return {line.deal_id.split("-")[0] for line in digest.lines}

    assert told() == {"amazon", "google"}
    assert told(companies=frozenset({"google"})) == {"google"}  # a subsidiary's deal is the group's
    assert told(chips=frozenset({"aws-trainium"})) == {"amazon"}
    assert told(types=frozenset({"acquisition"})) == told(statuses=frozenset({"announced"})) == {"google"}
    assert told(languages=frozenset({"ja", "ko"})) == told(min_usd=5e9) == {"amazon"}
    assert told(min_usd=1e12) == set()


def test_the_day_is_that_of_the_readers_zone(store, tell):
    tell("2025-12-17", "equity_investment", "in_talks", TALKS)
    late = datetime(2026, 4, 1, 23, 30, tzinfo=UTC)
    assert str(build(store.con, None, late).day) == "2026-04-01"
    digest = build(store.con, None, late, Preferences("ja", zone="Asia/Tokyo"))
    assert str(digest.day) == "2026-04-02"
    assert "2026年4月2日まで" in render_text(digest)


def test_the_subject_is_the_first_sentence_and_the_rest_counted(store, tell):
    until = tell("2025-12-17", "equity_investment", "in_talks", TALKS, 10e9)
    assert subject(build(store.con, None, until)) == "Amazon is in talks to invest $10 bn in OpenAI"
    until = tell("2025-12-18", "acquisition", "announced", {"google": "acquirer", "wiz": "target"}, 2e9)
    assert subject(build(store.con, None, until)) == "Amazon is in talks to invest $10 bn in OpenAI (+1 more)"
