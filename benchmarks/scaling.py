"""How much sooner the same articles are read by two workers than by one.

    scaling.py [--articles 2000] [--workers 1 2] [--batch-size 32] [--kept]

The articles are the sample newsroom's, repeated, in batch files as ``ingest`` writes them. A worker does what the task
``extract.read`` does: a new process for each batch, which loads the models, reads the batch and writes its readings.
``--kept`` keeps a worker's process and its models from batch to batch, which tells what starting and loading cost.
Processor seconds are printed too: they tell more of a machine that does other things meanwhile. The last line is the
ratio of the first time to the last.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from models.facts import Document
from models.reader import Reader
from pipeline.demo.content import load_articles
from pipeline.ingest import article_of
from pipeline.records import Article
from pipeline.settings import Settings
from pipeline.stages import batches_of, read_batch


def main() -> None:
    """Read the arguments, print a line for each number of workers and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--kept", action="store_true", help="keep a worker's process from batch to batch")
    args = parser.parse_args()
    print(
        f"{args.articles} articles, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start", flush=True
    )
    seconds = [measure(args.articles, workers, args.batch_size, kept=args.kept) for workers in args.workers]
    print(f"ratio of {args.workers[0]} to {args.workers[-1]} workers: {seconds[0] / seconds[-1]:.2f}")


def measure(count: int, workers: int, size: int, *, kept: bool) -> float:
    """Seconds from the first batch's start until the last one's readings lie there; printed too."""
    home = Path(tempfile.mkdtemp(prefix="scaling-"))
    try:
        batches = batches_of(Settings(home=home))
        ids = batches.put_all_raw("scaling", articles(count), size)
        spawn = multiprocessing.get_context("spawn")
        began, worked = time.perf_counter(), processor_seconds()
        with ProcessPoolExecutor(workers, mp_context=spawn, max_tasks_per_child=None if kept else 1) as pool:
            read = sum(pool.map(work, [home] * len(ids), ids, [kept] * len(ids)))
        seconds, worked = time.perf_counter() - began, processor_seconds() - worked
        assert read == count, f"{read} articles of {count} were read"
        assert sorted(batches.unloaded()) == sorted(ids)
    finally:
        shutil.rmtree(home)
    speed = f"{count / seconds:.1f} articles a second, {worked / count:.2f} processor seconds an article"
    print(f"{workers} workers: {seconds:.1f} s, {speed}", flush=True)
    return seconds


def processor_seconds() -> float:
    """Of the workers that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def articles(count: int) -> list[Article]:
    """The newsroom's articles, again and again, each a document of its own."""
    now = datetime(2026, 6, 1, tzinfo=UTC)
    told = [
        Document(id=article.key, title=article.title, text="\n\n".join(article.paragraphs), lang=article.lang,
                 published=article.published.isoformat())
        for article in load_articles()
    ]  # fmt: skip
    numbered = (replace(document, id=f"{document.id}-{number}") for number, document in enumerate(cycle(told)))
    return [article_of(document, "scaling.jsonl", now) for document in islice(numbered, count)]


def work(home: Path, batch_id: str, kept: bool) -> int:
    """Read a batch; how many articles it had."""
    return read_batch(Settings(home=home), batch_id, reader() if kept else None).counts["documents"]


@cache
def reader() -> Reader:
    """The models of this process."""
    return Reader(32)


if __name__ == "__main__":
    main()
