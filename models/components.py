"""The registered spaCy components that read a document, in the order in which they run.

Each takes and returns a ``Doc``; findings stand in ``doc._.findings`` and, as spans, in ``doc.spans`` under ``orgs``,
``chips``, ``amounts`` and ``deals``. The words they need stand in ``models/data``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc

from models.chips import chip_names, find_chips
from models.deals.arrange import build
from models.deals.engine import find_deals, set_amount_roles
from models.facts import Findings
from models.money import find_amounts, find_quantities
from models.normal import normalise
from models.orgs import find_orgs, kinds
from models.sentences import split

if TYPE_CHECKING:
    from models.deals.context import Context

Doc.set_extension("findings", default=None, force=True)
Doc.set_extension("title_end", default=0, force=True)
Doc.set_extension("tagged", default=(), force=True)
Doc.set_extension("second", default=None, force=True)


def findings_of(doc: Doc) -> Findings:
    """The workspace of ``doc``, made on first use."""
    if doc._.findings is None:
        doc._.findings = Findings()
    found: Findings = doc._.findings
    return found


def _show(doc: Doc, key: str, spans: list[tuple[int, int, str]]) -> None:
    made = (doc.char_span(start, end, label=label, alignment_mode="expand") for start, end, label in spans)
    doc.spans[key] = [span for span in made if span is not None]


@Language.component("dealwire_orgs")
def orgs(doc: Doc) -> Doc:
    """Organisations: the gazetteer's, and those that the tagger found and no row knows."""
    findings = findings_of(doc)
    text = normalise(doc.text)
    named = chip_names(text) if doc._.tagged else []
    tagged = [(s, e) for s, e in doc._.tagged if not any(m.start < e and s < m.end for m in named)]
    findings.entities = find_orgs(doc.text, text, tagged)
    _show(doc, "orgs", [(e.start, e.end, e.id or "") for e in findings.entities])
    return doc


@Language.component("dealwire_chips")
def chips(doc: Doc) -> Doc:
    """Chips, with the count of units where one stands beside them."""
    findings = findings_of(doc)
    sentences = split(doc.text, doc.lang_, doc._.title_end)
    found = find_chips(doc.text, normalise(doc.text), findings.entities, sentences)
    findings.quantities = find_quantities(doc.text, doc.lang_)
    counts = [q for q in findings.quantities if q.unit == "units"]
    for at, chip in enumerate(found):
        near = [q for q in counts if q.start - 12 <= chip.end and chip.start <= q.end + 24]
        if near:
            found[at] = replace(chip, units=int(min(near, key=lambda q: abs(q.start - chip.start)).value))
    findings.chips = found
    _show(doc, "chips", [(c.start, c.end, c.id) for c in found])
    return doc


@Language.component("dealwire_money")
def money(doc: Doc) -> Doc:
    """Sums of money; what they are for is settled by ``dealwire_deals``."""
    findings = findings_of(doc)
    findings.amounts = find_amounts(doc.text, doc.lang_)
    _show(doc, "amounts", [(a.start, a.end, a.currency or "") for a in findings.amounts])
    return doc


@Language.component("dealwire_deals")
def deals(doc: Doc) -> Doc:
    """Roles of the sums, and the deals with their parties, status, sum, chips and evidence."""
    findings = findings_of(doc)
    context = build(
        doc.text,
        doc.lang_,
        doc._.title_end,
        findings.entities,
        findings.amounts,
        findings.chips,
        kinds(),
        findings.quantities,
    )
    second = doc._.second(context) if doc._.second is not None else None
    sums = set_amount_roles(context, second=second)
    findings.amounts = _in_order(context)
    findings.deals = find_deals(context, sums, second=second)
    _show(doc, "deals", [(d.evidence.start, d.evidence.end, d.type) for d in findings.deals])
    return doc


def _in_order(context: Context) -> list:  # type: ignore[type-arg]
    return [amount for amounts in context.amounts for amount in amounts]


PIPES = ("dealwire_orgs", "dealwire_chips", "dealwire_money", "dealwire_deals")
