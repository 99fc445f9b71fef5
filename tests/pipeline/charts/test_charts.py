"""What the charts hold, in which words, and that files of all formats need nothing from elsewhere."""

from __future__ import annotations

import re
import struct

import pytest

from pipeline.charts import CHARTS, check_format, save, to_png
from pipeline.charts.theme import fonts, months
from pipeline.digest.phrases import languages, phrasebook
from pipeline.errors import ConfigError


def values(chart, column):
    """What the chart's data give to a column."""
    return {row[column] for row in rows(chart.to_dict()) if column in row}


def rows(part):
    """All rows of a chart, wherever its layers keep them."""
    if not isinstance(part, dict):
        return []
    own = part.get("data", {}).get("values", [])
    return [*own, *(row for layer in part.get("layer", []) for row in rows(layer))]


def test_the_timeline_has_a_row_a_company_served(con):
    chart = CHARTS["timeline"](con, phrasebook("en"))
    assert values(chart, "company") == {"OpenAI", "Meta", "Anthropic", "智能体"}
    assert values(chart, "status") == {"in talks", "announced", "completed", "called off"}
    assert "$60 bn" in values(chart, "sum")


def test_alliances_tell_agreed_from_talked_about_and_leave_out_what_is_off(con):
    chart = CHARTS["alliances"](con, phrasebook("en"))
    cells = {(row["giver"], row["taker"]): row for row in rows(chart.to_dict())}
    assert cells[("Amazon", "OpenAI")]["talks"] == "in talks $10 bn"
    assert cells[("Amazon", "OpenAI")]["agreed"] == ""
    assert cells[("AMD", "Meta")]["agreed"] == "$60 bn"
    assert ("Disney", "OpenAI") not in cells


def test_chips_are_counted_by_vendor_with_power_beside(con):
    chart = CHARTS["chips"](con, phrasebook("en"))
    assert values(chart, "vendor") == {"AMD", "Google"}
    detail = next(text for text in values(chart, "detail") if "GW" in text)
    assert detail.startswith("1 deal · 6 GW · ")


@pytest.mark.parametrize("kind", CHARTS)
def test_an_empty_ledger_has_no_chart(empty, kind):
    assert CHARTS[kind](empty, phrasebook("en")) is None


@pytest.mark.parametrize("language", languages())
def test_words_are_those_of_the_reader(con, language):
    book = phrasebook(language)
    chart = CHARTS["chips"](con, book).to_dict()
    assert chart["title"]["text"] == book.words["charts"]["chips"]
    assert fonts(language).startswith("Noto Sans CJK")


def test_months_bear_the_names_of_the_language():
    assert '"Feb"' in months("en")
    assert '"2月"' in months("ja")


def test_a_png_is_a_picture_of_some_size(con):
    png = to_png(CHARTS["chips"](con, phrasebook("ja")), scale=1.0)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    assert width > 900
    assert height > 150
    assert len(png) > 5000  # not a white sheet


@pytest.mark.parametrize("ending", ["svg", "html"])
def test_files_need_nothing_from_elsewhere(con, tmp_path, ending):
    path = save(CHARTS["chips"](con, phrasebook("ja")), tmp_path / "new" / f"chart.{ending}")
    text = path.read_text("utf-8")
    assert "グーグル" in text
    assert not re.search(r"<(script|link|img|image)[^>]+(src|href)\s*=", text[:200_000])


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"chart\.gif.*\.svg, \.png, \.html"):
        check_format(tmp_path / "chart.gif")
