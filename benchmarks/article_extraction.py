"""Compare extractors of article bodies on scrapinghub's article-extraction-benchmark.

    python benchmarks/article_extraction.py FOLDER [--only dealwire,resiliparse] [--worst 5] [--floor 0.95]

FOLDER holds ``ground-truth.json`` (``{id: {"articleBody": …, "url": …}}``) and ``html/<id>.html.gz``. Libraries that
are not installed are named and left out; install them into an environment of their own, not into Dealwire's.

The metric is the benchmark's own: multisets of four-word shingles of a page's true and found text; precision and recall
averaged over pages (those where they are defined); F1 is their harmonic mean.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

Extract = Callable[[str], str]
_WORD = re.compile(r"\w+")


def dealwire(html: str) -> str:
    """The product's own path: head, body, fallbacks, headline removed."""
    from pipeline.parse.pages import read_page

    page = read_page(html)
    return page.text if page else ""


def trafilatura_with(**options: bool) -> Extract:
    """trafilatura under the given options, comments off."""

    def run(html: str) -> str:
        from trafilatura import extract

        return extract(html, include_comments=False, **options) or ""

    return run


def resiliparse(html: str) -> str:
    """Main-content mode of resiliparse's plain text."""
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(html, main_content=True, alt_texts=False, links=False)


def readability(html: str) -> str:
    """Text of readability-lxml's summary."""
    from lxml import html as lxml_html
    from readability import Document

    return "\n".join(lxml_html.fromstring(Document(html).summary()).itertext())


def newspaper(html: str) -> str:
    """Body text by newspaper4k, told that pages are English and kept off the network."""
    from newspaper import Article, Config

    config = Config()
    config.language, config.fetch_images = "en", False
    article = Article("https://example.org/article", config=config)
    article.download(input_html=html)
    article.parse()
    return article.text


EXTRACTORS: dict[str, Extract] = {
    "dealwire": dealwire,
    "trafilatura": trafilatura_with(),
    "trafilatura precision": trafilatura_with(favor_precision=True),
    "trafilatura recall": trafilatura_with(favor_recall=True),
    "trafilatura fast": trafilatura_with(fast=True),
    "trafilatura precision, no tables": trafilatura_with(favor_precision=True, include_tables=False),
    "readability-lxml": readability,
    "newspaper4k": newspaper,
    "resiliparse": resiliparse,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One extractor over all pages. ``pages`` gives (precision, recall) by page id, None where undefined."""

    precision: float
    recall: float
    rate: float
    pages: dict[str, tuple[float | None, float | None]]

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    """Multiset of runs of ``size`` words; one shorter run where the text has fewer words, none where it has none."""
    words = _WORD.findall(text)
    if not words:
        return Counter()
    return Counter(tuple(words[start : start + size]) for start in range(max(1, len(words) - size + 1)))


def compare(true: str, found: str) -> tuple[float | None, float | None]:
    """Precision and recall of one page."""
    wanted, got = shingles(true), shingles(found)
    if not wanted and not got:
        return None, None
    shared = (wanted & got).total()
    return (shared / got.total() if got else None), (shared / wanted.total() if wanted else None)


def run(extract: Extract, pages: dict[str, str], truth: dict[str, str]) -> Outcome:
    """Extract every page, timed, then compare."""
    started = time.perf_counter()
    found = {ident: extract(html) for ident, html in pages.items()}
    rate = len(pages) / (time.perf_counter() - started)
    scores = {ident: compare(truth[ident], found[ident]) for ident in pages}
    return Outcome(
        precision=mean(score[0] for score in scores.values() if score[0] is not None),
        recall=mean(score[1] for score in scores.values() if score[1] is not None),
        rate=rate,
        pages=scores,
    )


def load(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Pages and true bodies by id; exits with a plain message where the folder is not the benchmark's."""
    try:
        rows = json.loads((folder / "ground-truth.json").read_text("utf-8"))
        pages = {ident: gzip.decompress((folder / "html" / f"{ident}.html.gz").read_bytes()).decode() for ident in rows}
    except (OSError, ValueError) as error:
        raise SystemExit(f"{folder}: not an article-extraction-benchmark folder: {error}") from error
    return pages, {ident: row.get("articleBody", "") for ident, row in rows.items()}


def main() -> None:
    """Print the table; exit 1 where ``dealwire`` falls below ``--floor``."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="comma-separated extractors")
    parser.add_argument("--worst", type=int, default=0, help="list this many of the worst pages")
    parser.add_argument("--floor", type=float, default=0.0, help="least F1 of dealwire")
    args = parser.parse_args()
    pages, truth = load(args.folder)
    wanted = [name.strip() for name in args.only.split(",") if name.strip()] or list(EXTRACTORS)
    print(f"{len(pages)} pages\n{'extractor':34}{'precision':>10}{'recall':>9}{'F1':>9}{'pages/s':>10}")
    failed = False
    for name in wanted:
        try:
            EXTRACTORS[name](next(iter(pages.values())))  # loads the library, so that the clock counts pages only
            outcome = run(EXTRACTORS[name], pages, truth)
        except ImportError as error:
            print(f"{name:34}not installed ({error.name})")
            continue
        print(f"{name:34}{outcome.precision:10.3f}{outcome.recall:9.3f}{outcome.f1:9.4f}{outcome.rate:10.1f}")
        by_score = sorted(outcome.pages.items(), key=lambda pair: (pair[1][0] or 0.0) + (pair[1][1] or 0.0))
        for ident, score in by_score[: args.worst]:
            print(f"    {ident[:12]} precision {score[0]} recall {score[1]}")
        failed |= name == "dealwire" and outcome.f1 < args.floor
    if failed:
        raise SystemExit(f"dealwire is below the floor of {args.floor}")


if __name__ == "__main__":
    main()
