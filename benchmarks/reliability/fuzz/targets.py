"""All that is fuzzed, by name."""

from __future__ import annotations

from functools import partial

from benchmarks.reliability.fuzz import bodies, files, headers, seeds, texts, words
from benchmarks.reliability.fuzz.target import Target
from pipeline.errors import ConfigError, DealwireError, InputError

_OURS = ("models", "pipeline")

_ALL = (
    Target("money", texts.money, seeds.money, words.money, longest=300),
    Target("quantities", texts.quantities, seeds.quantities, words.money, longest=300),
    Target("chips", texts.chips, seeds.chips, words.chips, longest=300),
    Target("sentences", texts.sentences, seeds.sentences, words.sentences, longest=1300),
    Target("dates", texts.dates, seeds.dates, words.dates, longest=250),
    Target("addresses", texts.addresses, seeds.addresses, instrument=(*_OURS, "courlan"), longest=512),
    Target("harmless", texts.harmless, seeds.harmless, longest=512),
    Target("encodings", bodies.encodings, seeds.encodings, longest=1024),
    Target("charsets", bodies.charsets, seeds.charsets, words.charsets),
    Target("feeds", bodies.feeds, seeds.feeds, words.feeds, instrument=(*_OURS, "feedparser"), seconds=5.0,
           longest=16_384),
    Target("pages", bodies.pages, seeds.pages, words.pages, seconds=10.0, longest=16_384),
    Target("robots", bodies.robots, seeds.robots, words.robots, instrument=(*_OURS, "protego")),
    Target("opml", files.opml, seeds.opml, words.opml, proper=(ConfigError,),
           instrument=(*_OURS, "listparser"), longest=4096),
    Target("sources", files.source_files, seeds.source_files, words.sources,
           instrument=(*_OURS, "tomllib")),
    Target("alerts", files.alert_rules, seeds.alert_rules, words.alerts, proper=(ConfigError,),
           instrument=(*_OURS, "tomllib")),
    Target("subscriptions", files.subscriptions, seeds.subscriptions, words.subscriptions,
           proper=(ConfigError,), instrument=(*_OURS, "tomllib", "tomlkit")),
    Target("raw-batches", files.raw_batches, seeds.raw_batches, proper=(InputError,)),
    Target("readings", files.readings, seeds.readings, proper=(InputError,), longest=4096),
    Target("inbox-jsonl", partial(files.dropped, ".jsonl"), seeds.documents),
    Target("inbox-txt", partial(files.dropped, ".txt"), seeds.saved_texts),
    Target("inbox-html", partial(files.dropped, ".html"), seeds.plain_pages, words.pages, seconds=10.0,
           longest=16_384),
    Target("inbox-eml", partial(files.dropped, ".eml"), seeds.mails, words.mails, proper=(InputError,),
           instrument=(*_OURS, "email"), seconds=10.0, longest=8192),
    Target("inbox-warc", partial(files.dropped, ".warc.gz"), seeds.archives, words.archives,
           instrument=(*_OURS, "warcio"), seconds=10.0, longest=16_384),
    Target("letters", headers.letters, seeds.letters, longest=512),
    Target("webhooks", headers.webhooks, seeds.webhooks, proper=(DealwireError,), longest=512),
    Target("answers", headers.answers, seeds.answers, words.dates, longest=512),
)  # fmt: skip
TARGETS = {target.name: target for target in _ALL}
