"""``search``: articles by their words."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.common import examples, read_settings, snapshot
from pipeline.cli.output import Format, print_rows
from pipeline.errors import ConfigError
from pipeline.nearest import nearest_names

_SHORT = ("score", "published_at", "source", "lang", "title", "deal_ids")
_FULL = ("score", "published_at", "source", "lang", "title", "excerpt", "url", "deal_ids", "article_id")


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(
        "search",
        epilog=examples(
            "dealwire search trainium",
            "dealwire search アマゾン 出資 --lang ja",
            "dealwire search 오픈AI 투자 --limit 5 --format json",
        ),
    )(search)


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS…", help="What to look for, in any language.")],
    lang: Annotated[str | None, typer.Option(help="Only articles in this language, as ja.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Most articles to print, the best first.")] = 20,
    style: Annotated[Format, typer.Option("--format", "-f", help="How to print the rows.")] = Format.table,
) -> None:
    """Articles whose headline or text holds these words, the best first.

    Words of alphabets are found whole, whatever their case or accents; Chinese, Japanese and Korean within a text.
    """
    from warehouse import sql

    text = " ".join(words)
    with snapshot(read_settings()) as con:
        terms = con.execute("SELECT search_terms($text)", {"text": text}).fetchone()
        if not terms or not terms[0]:
            raise ConfigError(f"{text!r} holds no word to look for", "give a word, as dealwire search trainium")
        _check_language(
            lang, [row[0] for row in con.execute("SELECT DISTINCT lang FROM articles").fetchall() if row[0]]
        )
        rows = sql.run(con, "search_articles", text=text, lang=lang, row_limit=limit)
    print_rows(rows, _SHORT if style is Format.table else _FULL, style)


def _check_language(lang: str | None, known: list[str]) -> None:
    if lang is not None and lang not in known:
        near = nearest_names(lang, known) or sorted(known)
        hint = f"there are {', '.join(near)}" if near else "the ledger holds no article yet"
        raise ConfigError(f"--lang: no article is in the language {lang!r}", hint)
