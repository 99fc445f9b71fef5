"""Deciding, without touching anything: claims and what is known go in, an :class:`Outcome` comes out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from pipeline.group.claims import Action, Claim, Decision, EventKind, KnownDeal, Outcome, SettledDeal
from pipeline.group.cluster import cluster
from pipeline.group.draft import Draft
from pipeline.group.ids import deal_id
from pipeline.group.rules import Rules, load_rules
from pipeline.group.settle import settle
from pipeline.group.story import core, parent_of, thread_of


def group(
    claims: Sequence[Claim], known: Sequence[KnownDeal], now: date,
    taken: Collection[str] = (), rules: Rules | None = None,
) -> Outcome:  # fmt: skip
    """Decide which deal each claim belongs to, and what that makes of the deals.

    ``known`` are the deals of the ledger that share a group of companies with a claim, with all their standing claims,
    and those that lost a claim to a correction. ``taken`` are all ids ever given.
    ``now`` bounds what can have happened.

    The claims of ``known`` are gathered afresh with the new ones, so that the same claims make the same deals in
    whatever order they arrive; deals keep their ids by the claims they hold. A claim that ``known`` holds already, or
    that comes twice, is decided on once.
    """
    rules = rules or load_rules()
    standing_claims = {claim.id for deal in known for claim in deal.claims}
    fresh = {claim.id: claim for claim in claims if claim.id not in standing_claims}  # what comes again is no news
    usable, skipped = _sift(fresh.values(), now, rules)
    drafts = cluster([*(claim for deal in known for claim in deal.claims), *usable], rules)
    ids, merged = _name(drafts, known, set(taken), rules)
    deals = _settle_changed(drafts, ids, known, rules)
    at = {claim.id: (draft, ids[number]) for number, draft in enumerate(drafts) for claim in draft.claims}
    before = {claim.id: deal.id for deal in known for claim in deal.claims}
    existing = {deal.id for deal in known}
    brought = {event.claim_id: event.kind for deal in deals for event in reversed(deal.events)}
    moved = [claim for deal in known for claim in deal.claims if at[claim.id][1] != deal.id]
    decisions = [_decision(claim, *at[claim.id], existing, before, brought) for claim in [*usable, *moved]]
    standing = set(ids.values())
    withdrawn = tuple(deal.id for deal in known if deal.id not in standing and deal.id not in merged)
    return Outcome((*skipped, *decisions), deals, merged, withdrawn)


def _sift(claims: Iterable[Claim], now: date, rules: Rules) -> tuple[list[Claim], list[Decision]]:
    usable, skipped = [], []
    for claim in claims:
        why = _unusable(claim, now, rules)
        if why is None:
            usable.append(claim)
        else:
            skipped.append(Decision(claim.id, "skip", None, why))
    return usable, skipped


def _unusable(claim: Claim, now: date, rules: Rules) -> str | None:
    if not claim.parties:
        return "names no party"
    if claim.confidence < rules.limits["min_confidence"]:
        return f"confidence {claim.confidence:.2f} is below {rules.limits['min_confidence']}"
    if claim.occurred_on > now + timedelta(days=rules.days["ahead"]):
        return f"speaks of {claim.occurred_on}, which has not come yet"
    alone = len(claim.parties) == 1 and claim.type not in ("infrastructure", "public_offering")
    if alone and claim.amount is None and claim.gigawatts is None and claim.units is None:
        return "one party and neither sum nor capacity: too little to tell the deal by"
    return None


def _name(
    drafts: Sequence[Draft], known: Sequence[KnownDeal], taken: set[str], rules: Rules
) -> tuple[dict[int, str], dict[str, str]]:
    """Ids of drafts by their number. A draft keeps the id most of its claims had; what is left over has merged."""
    had = {claim.id: deal.id for deal in known for claim in deal.claims}
    votes = {number: Counter(had[c.id] for c in draft.claims if c.id in had) for number, draft in enumerate(drafts)}
    offers = sorted(
        ((-count, name, number) for number, counted in votes.items() for name, count in counted.items()),
    )
    ids: dict[int, str] = {}
    used: set[str] = set()
    for _, name, number in offers:
        if number not in ids and name not in used:
            ids[number] = name
            used.add(name)
    for deal in known:
        if deal.id in used or deal.claims:
            continue
        heir = next((n for n, d in enumerate(drafts) if n not in ids and _inherits(d, deal)), None)
        if heir is not None:
            ids[heir] = deal.id
            used.add(deal.id)
    taken |= {deal.id for deal in known}
    for number, draft in enumerate(drafts):
        if number not in ids:
            ids[number] = deal_id(draft.claims, rules, taken)
            taken.add(ids[number])
    return ids, _merged(known, used, votes, ids)


def _inherits(draft: Draft, deal: KnownDeal) -> bool:
    """A corrected article states the deal anew that its former version stated alone."""
    return any(
        claim.article_id == former.article_id and claim.roots & former.roots and claim.type == former.type
        for claim in draft.claims
        for former in deal.former
    )


def _merged(
    known: Sequence[KnownDeal], used: set[str], votes: dict[int, Counter[str]], ids: dict[int, str]
) -> dict[str, str]:
    merged = {}
    for deal in known:
        if deal.claims and deal.id not in used:
            merged[deal.id] = ids[max(votes, key=lambda number: (votes[number][deal.id], -number))]
    return merged


def _settle_changed(
    drafts: Sequence[Draft], ids: dict[int, str], known: Sequence[KnownDeal], rules: Rules
) -> tuple[SettledDeal, ...]:
    """Settle the drafts whose claims changed, or whose place in a thread or a whole did.

    A thread can only change with a deal of the same companies, a whole only with one told of in the same article.
    """
    former = {deal.id: deal for deal in known}
    changed = {number for number, draft in enumerate(drafts) if _changed(draft, former.get(ids[number]))}
    by_core: dict[frozenset[str], list[int]] = defaultdict(list)
    for number, draft in enumerate(drafts):
        by_core[core(draft.claims)].append(number)
    held = [former[ids[number]].claims for number in changed if ids[number] in former]
    moved = {core(drafts[number].claims) for number in changed} | {core(claims) for claims in held if claims}
    articles = {version for number in changed for version in drafts[number].by_version}
    by_version: dict[str, set[int]] = defaultdict(set)
    for number, draft in enumerate(drafts):
        for version in draft.by_version:
            by_version[version].add(number)
    deals = []
    for number, draft in enumerate(drafts):
        old = former.get(ids[number])
        thread, parent = (old.thread_id, old.parent_id) if old else (None, None)
        same = core(draft.claims)
        if same in moved:
            thread = ids[thread_of(number, [(n, drafts[n]) for n in by_core[same]], rules)]
        if not articles.isdisjoint(draft.by_version):
            together = sorted(set().union(*(by_version[version] for version in draft.by_version)))
            whole = parent_of(draft, [(other, drafts[other]) for other in together], rules)
            parent = ids[whole] if whole is not None else None
        if number in changed or old is None or (old.thread_id, old.parent_id) != (thread, parent):
            deals.append(settle(ids[number], draft.claims, draft.cumulative, rules, thread, parent))
    return tuple(deals)


def _changed(draft: Draft, old: KnownDeal | None) -> bool:
    return old is None or bool(old.former) or {c.id for c in old.claims} != {c.id for c in draft.claims}


def _decision(
    claim: Claim, draft: Draft, name: str, existing: set[str], before: dict[str, str], brought: dict[str, EventKind]
) -> Decision:
    reason, event = draft.reasons[claim.id], brought.get(claim.id)
    if claim.id in before:
        return Decision(claim.id, "update", name, f"moved from {before[claim.id]}: {reason}", event)
    action: Action = "update" if name in existing or draft.claims[0] is not claim else "create"
    if event is None:
        reason += "; adds a source, no news"
    return Decision(claim.id, action, name, reason, event)
