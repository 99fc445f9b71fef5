"""``subscriptions.toml``: what it may say, what is wrong with it, and changing it without harm."""

from __future__ import annotations

from datetime import time

import pytest

from pipeline.errors import ConfigError
from pipeline.subscriptions import read_subscriptions, subscribe, unsubscribe
from pipeline.vocabulary import with_members

FULL = """
# The desk in Tokyo
[[subscription]]
address = "Desk@example.org"
language = "ja"
currency = "JPY"
cadence = "weekly"
day = "fri"
time = 07:30:00
zone = "Asia/Tokyo"
format = "text"
quiet_days = "nothing"
companies = ["openai", "Amazon"]
chips = ["google-tpu"]
types = ["equity_investment"]
statuses = ["in_talks", "announced"]
languages = ["ja", "ko"]
min_usd = 1e9

# Ann reads all of it
[[subscription]]
address = "ann@example.org"
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "subscriptions.toml"


def written(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return read_subscriptions(path)


def problems(path, *entries):
    book = written(path, "\n".join(f"[[subscription]]\n{entry}" for entry in entries))
    return [str(problem).removeprefix(f"{path}: ") for problem in book.problems]


def test_all_that_an_entry_can_say(path):
    desk, ann = written(path, FULL).subscriptions
    assert (desk.address, desk.cadence, desk.weekday, desk.at) == ("Desk@example.org", "weekly", 4, time(7, 30))
    assert (desk.parts, desk.quiet_days, desk.series) == ("text", "nothing", "digest/weekly")
    wanted = desk.preferences
    assert (wanted.language, wanted.currency, wanted.zone) == ("ja", "JPY", "Asia/Tokyo")
    assert wanted.filters.companies == {"openai", "amazon"}
    assert (wanted.filters.chips, wanted.filters.min_usd) == (with_members(["google-tpu"]), 1e9)
    assert (ann.cadence, ann.at, ann.parts, ann.quiet_days) == ("daily", time(7), "both", "line")


def test_no_file_is_nobody(path):
    assert read_subscriptions(path).subscriptions == ()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("", "subscription 1: address: missing (add the key)"),
        ('address = "ann"', "subscription 1 (ann): address: should be a mail address, not 'ann'"),
        ('zone = "Tokio"', "zone: should be a time zone, not 'Tokio' (did you mean 'Asia/Tokyo'?)"),
        ('language = "jp"', "language: should be a language that we write, not 'jp'"),
        ('currency = "XXX"', "currency: should be a currency with a known rate, not 'XXX'"),
        ('cadence = "dayly"', "(did you mean 'daily'?)"),
        ('day = "fri"', 'day is for weekly digests (leave it out, or cadence = "weekly")'),
        ("time = 7", "time: should be a time of day, not 7"),
        ('time = "25:00"', "time: should be a time of day, not '25:00'"),
        ('time = "07:00+09:00"', "zone says where"),
        ('companies = ["opnai"]', "companies[1]: should be the id of a company, not 'opnai' (did you mean 'openai'?)"),
        ('companies = "openai"', "companies: "),
        ("min_usd = -1", "min_usd: "),
        ('min_usd = "1e9"', "min_usd: "),
        ("min_usd = inf", "min_usd: "),
        ('langauge = "ja"', "langauge: unknown key (did you mean 'language'?)"),
    ],
)
def test_a_wrong_entry_is_named_and_the_others_go_on(path, entry, said):
    first = entry if not entry or entry.startswith("address") else f'address = "bob@example.org"\n{entry}'
    found = problems(path, first, 'address = "ann@example.org"')
    assert len(found) == 1
    assert found[0].startswith("subscription 1")
    assert said in found[0]
    assert [one.address for one in read_subscriptions(path).subscriptions] == ["ann@example.org"]


def test_all_that_is_wrong_with_an_entry_is_told(path):
    assert len(problems(path, 'address = "ann@example.org"\nzone = "X"\ncurrency = "Y"\ncolour = "red"')) == 3


def test_one_digest_of_a_cadence(path):
    entries = ['address = "ann@example.org"', 'address = "ANN@example.org"']
    assert problems(path, *entries) == [
        "subscription 2 (ANN@example.org): address: has a daily digest already (keep one of the two)"
    ]
    assert problems(path, entries[0], f'{entries[1]}\ncadence = "weekly"') == []


@pytest.mark.parametrize("text", ["[[subscription]\n", "subscription = 1\n", 'address = "ann@example.org"\n'])
def test_a_file_of_another_kind(path, text):
    try:
        told = [str(problem) for problem in written(path, text).problems]
    except ConfigError as error:
        told = [str(error)]
    assert len(told) == 1
    assert str(path) in told[0]


def test_a_file_that_is_no_text(path):
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        read_subscriptions(path)


def test_subscribing_leaves_all_else_as_it_is(path):
    added = subscribe(path, {"address": "ann@example.org", "zone": "Europe/Berlin", "companies": ["openai"]})
    assert read_subscriptions(path).subscriptions == (added,)
    written(path, FULL)
    subscribe(path, {"address": "bob@example.org", "language": "ja"})
    assert path.read_text("utf-8").startswith(FULL)
    assert [one.address for one in read_subscriptions(path).subscriptions][-1] == "bob@example.org"
    assert '"ann@example.org"\n\n[[subscription]]\naddress = "bob' in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"address": "ann"}, "address: should be a mail address, not 'ann'"),
        ({"address": "bob@example.org", "zone": "Tokio"}, "zone: should be a time zone, not 'Tokio'"),
        ({"address": "bob@example.org", "day": "fri"}, "day is for weekly digests"),
        ({"address": "ANN@example.org"}, "has a daily digest already"),
    ],
)
def test_a_wrong_subscription_changes_nothing(path, values, said):
    written(path, FULL)
    with pytest.raises(ConfigError) as caught:
        subscribe(path, values)
    assert said in str(caught.value)
    assert path.read_text("utf-8") == FULL


def test_unsubscribing_takes_out_one_reader(path):
    written(path, FULL + '\n[[subscription]] # a bad one\naddress = "eve"\n')
    subscribe(path, {"address": "ann@example.org", "cadence": "weekly"})
    gone = unsubscribe(path, "ANN@example.org", "daily")
    assert [(one.address, one.cadence) for one in gone] == [("ann@example.org", "daily")]
    book = read_subscriptions(path)
    assert [(one.address, one.cadence) for one in book.subscriptions] == [
        ("Desk@example.org", "weekly"), ("ann@example.org", "weekly"),
    ]  # fmt: skip
    assert len(book.problems) == 1
    assert "# The desk in Tokyo" in path.read_text("utf-8")
    assert len(unsubscribe(path, "ann@example.org")) == 1
    with pytest.raises(ConfigError, match="has no subscription"):
        unsubscribe(path, "ann@example.org")
    with pytest.raises(ConfigError, match="no daily digest"):
        unsubscribe(path, "desk@example.org", "daily")


def test_the_last_one_leaves_an_empty_file(path):
    subscribe(path, {"address": "ann@example.org"})
    unsubscribe(path, "ann@example.org")
    assert read_subscriptions(path).subscriptions == ()
    subscribe(path, {"address": "ann@example.org"})
    assert len(read_subscriptions(path).subscriptions) == 1


def test_a_mistyped_address_is_answered_with_the_nearest(path):
    with pytest.raises(ConfigError, match=r"did you mean ann@example\.org"):
        written(path, FULL).of("anne@example.org")
    with pytest.raises(ConfigError, match="subscription 1 "):
        written(path, '[[subscription]]\naddress = "x@example.org"\nzone = "Nowhere"').of("x@example.org")


def test_unsubscribing_leaves_no_second_entry_to_take_the_place_of_the_first(tmp_path):
    path = tmp_path / "subscriptions.toml"
    entry = '[[subscription]]\naddress = "bob@example.org"\n'
    path.write_text(f'{entry}time = 08:00:00\n\n{entry}\n[[subscription]]\naddress = "ann@example.org"\n', "utf-8")
    unsubscribe(path, "bob@example.org")
    book = read_subscriptions(path)
    assert ([one.address for one in book.subscriptions], book.problems) == (["ann@example.org"], ())
