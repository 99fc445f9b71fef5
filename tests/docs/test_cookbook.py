"""The cookbook tells the truth: each question gives the output that the page shows, and no view is left out."""

from __future__ import annotations

import re

import pytest

from tests.docs.cookbook import PAGE, answer, questions
from tests.docs.newsroom_ledger import build
from warehouse import sql

QUESTIONS = list(questions(PAGE.read_text("utf-8")))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("newsroom")
    build(folder)
    return folder


@pytest.mark.parametrize(("statement", "shown"), QUESTIONS, ids=[text.split("\n")[0][:40] for text, _ in QUESTIONS])
def test_the_output_is_what_the_page_shows(home, statement, shown):
    assert answer(home, statement) == shown, "run `python -m tests.docs.cookbook`"


def test_each_view_and_macro_is_asked():
    made = re.compile(r"CREATE OR REPLACE (?:VIEW|MACRO) (\w+)")
    names = {name for view in sql.names("views") for name in made.findall(sql.load(view, "views"))}
    asked = " ".join(statement for statement, _ in QUESTIONS)
    assert len(QUESTIONS) >= 12
    assert {name for name in names if not re.search(rf"\b{name}\b", asked)} == set()
