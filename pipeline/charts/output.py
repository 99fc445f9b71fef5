"""A chart as a file: SVG, PNG, or a page that needs nothing from elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigError

FORMATS = ("svg", "png", "html")


def check_format(path: Path) -> str:
    """The format that the ending of ``path`` names.

    Raises:
        ConfigError: no such format.
    """
    style = path.suffix.lower().lstrip(".")
    if style not in FORMATS:
        endings = ", ".join(f".{name}" for name in FORMATS)
        raise ConfigError(f"--out {path}: its ending names no format of a chart", f"end the name in one of {endings}")
    return style


def save(chart: Any, path: Path) -> Path:
    """Write ``chart`` to ``path``, whose ending says in which format; returns ``path``.

    Raises:
        ConfigError: no such format.
    """
    import vl_convert

    style = check_format(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if style == "png":
        path.write_bytes(to_png(chart))
    elif style == "svg":
        path.write_text(vl_convert.vegalite_to_svg(chart.to_json()), "utf-8")
    else:
        path.write_text(_page(chart), "utf-8")
    return path


def _page(chart: Any) -> str:
    """A page whose scripts stand in it. The chart's JSON is put in by us, since vl-convert would let a company's name
    that holds ``</script>`` end the script and start another."""
    import vl_convert
    from jinja2.utils import htmlsafe_json_dumps

    place = {"description": "the chart"}
    before, found, after = vl_convert.vegalite_to_html(place, bundle=True).rpartition(
        json.dumps(place, separators=(",", ":"))
    )
    if not found:
        raise RuntimeError("this version of vl-convert writes its pages otherwise")
    return before + str(htmlsafe_json_dumps(chart.to_dict(), ensure_ascii=False)) + after


def to_png(chart: Any, scale: float = 2.0) -> bytes:
    """``chart`` as PNG at ``scale`` pixels a unit."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(chart.to_json(), scale=scale))
