"""What a digest tells of a ledger, and that nothing a stranger wrote can act in it."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser

import pytest

from pipeline.digest import Filters, Preferences, build, known_until, render_html, render_text, subject, write_preview

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
    (line,) = build(store.con, None, until).lines
    assert line.sentence == "Amazon is in talks to invest more than $10 bn in OpenAI — AWS Trainium"
    assert (line.section, line.status, line.evidence, line.evidence_lang) == ("new", "in_talks", SAID, "ja")
    assert (line.sources, line.languages, line.url) == (1, ("ja",), "https://example.org/0")
    (line,) = build(store.con, None, until, Preferences("ja")).lines
    assert line.sentence == "アマゾンがオープンAIに100億ドル超を出資する方向で協議している — AWS Trainium"


def test_it_tells_what_changed_since_and_nothing_twice(store, tell):
    first = tell("2025-12-17", "equity_investment", "in_talks", TALKS, 10e9, bound="over")
    second = tell("2025-12-18", "equity_investment", "in_talks", TALKS, 10e9, bound="over", source="yonhap", lang="ko")
    assert build(store.con, first, second).is_empty
    third = tell("2026-02-20", "equity_investment", "announced", TALKS, 10e9)
    (line,) = build(store.con, second, third).lines
    assert line.section == "status"
    assert line.sentence == "Amazon has agreed to invest $10 bn in OpenAI."
    (line,) = build(store.con, None, third).lines
    assert (line.section, line.status) == ("new", "announced")
    assert build(store.con, third, third + timedelta(days=1)).is_empty


def test_the_largest_come_first_and_the_rest_is_counted(store, tell):
    companies = ["anthropic", "mistral-ai", "xai", "coreweave", "oracle", "microsoft", "meta", "nvidia", "amd", "intel"]
    pairs = [(one, other) for one in companies for other in companies if one < other][:33]
    for number, (one, other) in enumerate(pairs):
        now = tell("2026-03-01", "acquisition", "announced", {one: "acquirer", other: "target"}, (number + 1) * 1e9)
    digest = build(store.con, None, now)
    assert len(digest.lines) == 30
    assert digest.lines[0].sentence.endswith("for $33 bn.")
    assert (digest.counts["new"], digest.more) == (33, 3)
    assert "3 more changes are in the ledger." in render_text(digest)


HOSTILE = '<script>alert(1)</script> "quoted" & <img src=x onerror=alert(1)> {{ 7 * 7 }}'


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,<script>", "file:///etc/passwd", "https://"])
def test_nothing_that_a_stranger_wrote_can_act(store, tell, url):
    parties = {"~<b>evil</b>": "investor", "openai": "investee"}
    until = tell("2025-12-17", "equity_investment", "in_talks", parties, 10e9, said=HOSTILE, url=url,
                 source="<i>paper</i>")  # fmt: skip
    digest = build(store.con, None, until)
    page = Tags(render_html(digest))
    assert not {tag for tag, _ in page.tags} & {"script", "img", "i", "b", "iframe", "link"}
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") or name == "href" for name in attrs)]
    assert HOSTILE in page.text
    assert url not in render_text(digest)


def test_the_page_needs_nothing_from_elsewhere(store, tell, tmp_path):
    until = tell("2025-12-17", "equity_investment", "in_talks", TALKS, 10e9, url='https://example.org/"><script>&a=1')
    path = write_preview(build(store.con, None, until, Preferences("ja")), tmp_path / "new" / "digest.html")
    page = Tags(path.read_text("utf-8"))
    assert not [attrs for _, attrs in page.tags if {"src", "background", "srcset"} & attrs.keys()]
    links = [attrs["href"] for tag, attrs in page.tags if "href" in attrs]
    assert links == ['https://example.org/"><script>&a=1']
    assert "prefers-color-scheme: dark" in path.read_text("utf-8")
    assert "style" in dict(page.tags)["h1"]
    assert "アマゾンがオープンAIに100億ドルを出資する方向で協議している。" in path.with_suffix(".txt").read_text(
        "utf-8"
    )


def test_an_empty_digest_says_so(store, tell):
    until = tell("2025-12-17", "equity_investment", "in_talks", TALKS)
    digest = build(store.con, until, until + timedelta(days=1))
    assert "Nothing new" in render_text(digest)
    assert "Nothing new" in render_html(digest)


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


def test_the_subject_is_the_first_sentence_and_the_rest_counted(store, tell):
    until = tell("2025-12-17", "equity_investment", "in_talks", TALKS, 10e9)
    assert subject(build(store.con, None, until)) == "Amazon is in talks to invest $10 bn in OpenAI."
    until = tell("2025-12-18", "acquisition", "announced", {"google": "acquirer", "wiz": "target"}, 2e9)
    assert subject(build(store.con, None, until)) == "Amazon is in talks to invest $10 bn in OpenAI. (+1 more)"
    assert subject(build(store.con, until, until)) == "Nothing new in the AI cloud war"
