"""The comparison with feedparser, on feeds of our own: what agrees is not reported, what differs is."""

from __future__ import annotations

import io
import tarfile

from benchmarks.reliability.feedparser_feeds import compare, read_archive

PLAIN = b"""<!--
Header: Content-Type: application/rss+xml; charset=utf-8
-->
<rss version="2.0"><channel><item><title>One</title><link>https://news.example/1</link>
<pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate></item></channel></rss>"""
# Shift_JIS that calls itself Latin-1: feedparser takes its word.
MISLABELLED = (
    '<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0"><channel><item><title>日本の会社、出資へ</title>'
    "<description>日本の会社は十七日に出資を発表した。</description></item></channel></rss>"
).encode("shift_jis")


def test_agreement_is_silent_and_disagreement_is_named(tmp_path):
    path = tmp_path / "feeds.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, body in {"a.xml": PLAIN, "b.xml": MISLABELLED, "read.me": b"no feed"}.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    feeds = read_archive(path)
    assert feeds["/a.xml"].headers == {"content-type": "application/rss+xml; charset=utf-8"}
    found = compare(feeds)
    assert found.crashes == []
    assert found.counts == {"feeds": 2, "items": 2}
    assert found.kinds == {("title", "another text"): 1}
    assert "日本の会社、出資へ" in found.lines[0]
