"""Documents in, readings out: language, triage, then one spaCy pipeline a language in batches.

A document that cannot be read gives a :class:`Reading` with ``error``; the batch goes on. Heavy libraries are imported
when the first document is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING, Any

from models.data_files import languages
from models.facts import Document, Reading

if TYPE_CHECKING:
    from spacy.language import Language

MAX_CHARACTERS = 200_000
ENGINE = "1"

Detector = Callable[[Document], str]


class Reader:
    """Reads documents. Holds one pipeline a language, made on first use; not shared between threads."""

    def __init__(self, batch_size: int = 32, detect: Detector | None = None, use_tagger: bool = True) -> None:
        self.batch_size = batch_size
        self._detect = detect
        self._use_tagger = use_tagger
        self._pipelines: dict[str, Language] = {}

    @cached_property
    def version(self) -> str:
        """Engine and a hash of all knowledge: readings of one version are alike."""
        digest = hashlib.sha256()
        folder = files("models") / "data"
        for item in sorted((*folder.iterdir(), *(folder / "lang").iterdir()), key=lambda i: i.name):
            if item.is_file():
                digest.update(item.read_bytes())
        tagger = self.tagger.version if self.tagger is not None else "none"
        return f"dealwire-{ENGINE}.{digest.hexdigest()[:8]}+{tagger}"

    @cached_property
    def tagger(self) -> Any:
        """The transformer, or None where it is switched off or its artefact is not installed."""
        if not self._use_tagger:
            return None
        from models.second_opinion import load_tagger

        return load_tagger()

    def read(self, documents: Iterable[Document]) -> Iterator[Reading]:
        """Readings in the order of the documents."""
        stream = iter(documents)
        while batch := list(islice(stream, self.batch_size)):
            yield from self._read_batch(batch)

    def _read_batch(self, batch: Sequence[Document]) -> list[Reading]:
        results: dict[int, Reading] = {}
        groups: dict[str, list[tuple[int, Document]]] = {}
        for number, document in enumerate(batch):
            try:
                lang = self._language(document)
                if len(document.content) > MAX_CHARACTERS:
                    raise ValueError(f"longer than {MAX_CHARACTERS:,} characters")
            except ValueError as error:
                results[number] = Reading(document.id, document.lang, error=str(error))
                continue
            groups.setdefault(lang, []).append((number, document))
        for lang, members in groups.items():
            results |= self._read_group(lang, members)
        return [results[number] for number in range(len(batch))]

    def _language(self, document: Document) -> str:
        if not document.text.strip() and not document.title.strip():
            raise ValueError("the document holds no text")
        lang = document.lang or (self._detect(document) if self._detect else "")
        if not lang:
            raise ValueError("no language given and no detector configured")
        return lang

    def _read_group(self, lang: str, members: Sequence[tuple[int, Document]]) -> dict[int, Reading]:
        from models.triage import is_relevant

        results: dict[int, Reading] = {}
        relevant: list[tuple[int, Document]] = []
        for number, document in members:
            if lang in languages() and is_relevant(document.content):
                relevant.append((number, document))
            else:
                results[number] = Reading(document.id, lang, model=self.version)
        if relevant:
            results |= self._extract(lang, relevant)
        return results

    def _extract(self, lang: str, members: Sequence[tuple[int, Document]]) -> dict[int, Reading]:
        nlp = self.pipeline(lang)
        results: dict[int, Reading] = {}

        # spaCy types the handler as one that never returns, and documents that it may.
        def on_error(name: str, _component: object, docs: list[Any], error: Exception) -> Any:
            for doc in docs:
                at, document = doc._.source
                results[at] = Reading(document.id, lang, error=f"{name}: {type(error).__name__}: {error}")

        nlp.set_error_handler(on_error)
        for doc in nlp.pipe(self._docs(nlp, lang, members)):
            number, document = doc._.source
            if number in results:
                continue
            found = doc._.findings
            day = (document.published or "")[:10] or None
            results[number] = Reading(
                document.id,
                lang,
                relevant=bool(found.entities or found.chips or found.amounts),
                entities=tuple(found.entities),
                chips=tuple(found.chips),
                amounts=tuple(found.amounts),
                deals=tuple(replace(d, occurred_on=d.occurred_on or day) for d in found.deals),
                model=self.version,
            )
        for number, document in members:
            results.setdefault(number, Reading(document.id, lang, error="no component returned the document"))
        return results

    def _docs(self, nlp: Language, lang: str, members: Sequence[tuple[int, Document]]) -> Iterator[Any]:
        from spacy.tokens import Doc

        if not Doc.has_extension("source"):
            Doc.set_extension("source", default=None)
        opinions = self._opinions(lang, members)
        for (number, document), opinion in zip(members, opinions, strict=True):
            doc = nlp.make_doc(document.content)
            doc._.source = (number, document)
            doc._.title_end = len(document.title)
            if opinion is not None:
                doc._.tagged, doc._.second = opinion.tagged, opinion.about
            yield doc

    def _opinions(self, lang: str, members: Sequence[tuple[int, Document]]) -> list[Any]:
        if self.tagger is None:
            return [None] * len(members)
        from models.second_opinion import opinions

        documents = [document for _, document in members]
        return opinions(self.tagger, [d.content for d in documents], lang, [len(d.title) for d in documents])

    def pipeline(self, lang: str) -> Language:
        """The spaCy pipeline of ``lang``: a blank language with our tokenizer and components."""
        if lang not in self._pipelines:
            import spacy

            import models.tokens  # noqa: F401  (registers the tokenizer)
            from models.components import PIPES

            config = {"nlp": {"tokenizer": {"@tokenizers": "dealwire.ScriptTokenizer.v1"}}}
            nlp = spacy.blank(lang, config=config)
            for name in PIPES:
                nlp.add_pipe(name)
            self._pipelines[lang] = nlp
        return self._pipelines[lang]
