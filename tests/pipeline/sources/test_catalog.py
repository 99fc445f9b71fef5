"""Source files: the packaged ones are all good, and what is wrong in a file is said by key."""

from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.records import Source
from pipeline.sources import load_sources, packaged_folder
from pipeline.sources.catalog import feed_key, read_source

PACKAGED = sorted(packaged_folder().glob("*.toml"))


@pytest.mark.parametrize("path", PACKAGED, ids=lambda path: path.stem)
def test_a_packaged_source_is_valid(path):
    source = read_source(path)
    assert isinstance(source, Source), "\n".join(map(str, source))
    assert source.language != "und"
    assert source.country != "ZZ"


def test_the_packaged_sources_cover_the_field():
    catalog = load_sources()
    assert catalog.problems == ()
    assert len(catalog.sources) == len(PACKAGED) >= 70
    assert {"en", "ja", "zh", "ko", "de", "fr", "es", "pt", "it", "nl", "sv", "pl", "hi", "ar", "ru"} <= {
        source.language for source in catalog.sources
    }
    kinds = {source.kind for source in catalog.sources}
    assert kinds == {"wire", "daily", "trade", "newsroom", "regulator", "blog", "aggregator"}
    regulators = {source.id for source in catalog.sources if source.kind == "regulator"}
    assert {"sec-press", "sec-8k", "ftc", "eu-commission", "uk-cma", "bundeskartellamt", "jftc"} <= regulators


def test_tiers_follow_kinds():
    for source in load_sources().sources:
        if source.kind == "regulator":
            assert source.tier == 1, source.id
        if source.kind == "aggregator":
            assert source.tier >= 3, source.id


def test_one_bad_file_is_a_problem_and_the_rest_loads(tmp_path, source_file):
    (tmp_path / "news.toml").write_text(source_file())
    (tmp_path / "bad.toml").write_text("id = \nname = 1")
    (tmp_path / "worse.toml").write_bytes(b"\xff\xfe\x00")
    catalog = load_sources(tmp_path)
    assert [source.id for source in catalog.sources] == ["news"]
    assert [problem.path.name for problem in catalog.problems] == ["bad.toml", "worse.toml"]
    assert "line 1" in catalog.problems[0].message
    assert "UTF-8" in catalog.problems[1].hint


@pytest.mark.parametrize(
    ("changes", "key", "message", "hint"),
    [
        ({"tire": "2"}, "tire", "unknown key", "did you mean 'tier'?"),
        ({"poll_minuts": "2"}, "poll_minuts", "unknown key", "did you mean 'poll_minutes'?"),
        ({"zzzzzzzz": "2"}, "zzzzzzzz", "unknown key", "known keys: id, name, homepage"),
        ({"name": None}, "name", "missing", "add the key"),
        ({"kind": '"dayly"'}, "kind", "'wire', 'daily'", "did you mean 'daily'?"),
        ({"tier": "5"}, "tier", "less than or equal to 4, not 5", ""),
        ({"tier": '"2"'}, "tier", "integer", "without quotes"),
        ({"poll_minutes": "1"}, "poll_minutes", "greater than or equal to 5", ""),
        ({"country": '"UK"'}, "country", "code of a country, not 'UK'", "did you mean 'GB'?"),
        ({"language": '"en-US"'}, "language", "code of a language, not 'en-US'", "did you mean 'en'?"),
        ({"homepage": '"news.example"'}, "homepage", "web address", "https://"),
        ({"id": '"News!"'}, "id", "match pattern", ""),
        ({"id": '"other"'}, "id", "not the name of the file", "call it other.toml"),
        ({"feed": ""}, "feed", "missing", ""),
        ({"feed": "feed = []\n"}, "feed", "at least 1", "[[feed]]"),
        ({"feed": '[[feed]]\nurl = "ftp://a/b"\n'}, "feed[1].url", "web address", "https://"),
        ({"feed": '[[feed]]\nulr = "https://a/b"\n'}, "feed[1].ulr", "unknown key", "did you mean 'url'?"),
        (
            {"feed": '[[feed]]\nurl = "https://a.example/b"\nfull_text = "yes"\n'},
            "feed[1].full_text",
            "boolean, not 'yes'",
            "true or false",
        ),
        (
            {"feed": '[[feed]]\nurl = "https://a.example/b"\n[[feed]]\nurl = "http://www.a.example/b/"\n'},
            "feed[2].url",
            "twice",
            "",
        ),
    ],
)
def test_an_error_names_file_key_and_remedy(tmp_path, source_file, changes, key, message, hint):
    (tmp_path / "news.toml").write_text(source_file(**changes))
    catalog = load_sources(tmp_path)
    assert catalog.sources == ()
    problems = {problem.key: problem for problem in catalog.problems}
    assert key in problems, list(map(str, catalog.problems))
    assert message in problems[key].message
    assert hint in problems[key].hint
    assert str(problems[key]).startswith(f"{tmp_path / 'news.toml'}: {key}: ")


def test_all_errors_of_a_file_are_reported_at_once(tmp_path, source_file):
    (tmp_path / "news.toml").write_text(source_file(tier="9", kind='"x"', name=None))
    assert {problem.key for problem in load_sources(tmp_path).problems} == {"tier", "kind", "name"}


def test_a_feed_belongs_to_one_source(tmp_path, source_file):
    (tmp_path / "aaa.toml").write_text(source_file(id='"aaa"'))
    (tmp_path / "bbb.toml").write_text(source_file(id='"bbb"'))
    catalog = load_sources(tmp_path)
    assert [source.id for source in catalog.sources] == ["aaa"]
    assert "aaa.toml polls this feed already" in catalog.problems[0].message


def test_a_missing_folder_is_an_error_and_an_empty_one_is_not(tmp_path):
    assert load_sources(tmp_path).sources == ()
    with pytest.raises(ConfigError, match="no such folder"):
        load_sources(tmp_path / "missing")


def test_a_wrong_id_names_the_nearest(tmp_path, source_file):
    (tmp_path / "news.toml").write_text(source_file())
    catalog = load_sources(tmp_path)
    assert catalog.get("news").path == str(tmp_path / "news.toml")
    with pytest.raises(ConfigError, match="did you mean 'news'"):
        catalog.get("nwes")


def test_feed_keys():
    same = ["https://www.a.example/Feed", "http://A.example/Feed/", "https://a.example/Feed#top"]
    assert len({feed_key(url) for url in same}) == 1
    assert feed_key("https://a.example/feed") != feed_key("https://a.example/Feed")
    assert feed_key("https://a.example/?a=1") != feed_key("https://a.example/?a=2")
