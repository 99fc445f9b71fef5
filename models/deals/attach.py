"""What belongs to a claim besides its parties: the sum, the chips, the status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from models.deals.claims import Claim
from models.deals.context import Context
from models.deals.judge import Features, Judge, sum_features
from models.deals.linear import Linear
from models.deals.scoring import SecondOpinion, status_scores
from models.facts import Amount, Attribution, Compute, DealAmount

# Roles of a sum that can headline a deal of a type, best first.
FITTING: dict[str, tuple[str, ...]] = {
    "equity_investment": ("investment",),
    "acquisition": ("acquisition",),
    "compute_contract": ("contract",),
    "chip_supply": ("contract",),
    "infrastructure": ("capex", "investment"),
    "debt_financing": ("debt",),
    "public_offering": ("investment",),
    "partnership": ("contract", "investment"),
}
REACH = 3  # sentences from a claim to its sum
OWN_SUM = 0.5  # probability from which a sum is a claim's own
RoleScores = Mapping[int, Mapping[str, float]]  # log-probabilities of the roles of each sum, by its start
# Of partnerships only those that turn out to be another deal told broadly keep their chips (see merge).
CHIP_TYPES = ("chip_supply", "compute_contract", "infrastructure", "partnership")
CAPACITY_TYPES = ("chip_supply", "compute_contract", "infrastructure")
ATTRIBUTIONS: tuple[tuple[str, Attribution], ...] = (
    ("anonymous", "anonymous"),
    ("official", "official"),
    ("outlet", "other_outlet"),
)


def own(amount: Amount) -> bool:
    """Whether a sum can head a deal: it has a value, and is no conversion of another."""
    return (
        amount.value is not None
        and amount.currency is not None
        and amount.converted_from is None
        and amount.role != "conversion"
    )


def sum_options(
    context: Context, claims: Sequence[Claim], claim: Claim, roles: RoleScores, second: SecondOpinion | None
) -> Iterator[tuple[Amount, Features]]:
    """The sums near a claim, each with what the judge wants to know of it."""
    fitting = FITTING[claim.type]
    for number, row in enumerate(context.amounts):
        if min(abs(number - s) for s in claim.sentences) > REACH or _taken(claims, claim, number):
            continue
        for at, amount in enumerate(row):
            if not own(amount):
                continue
            likely = max(roles[amount.start][role] for role in fitting)
            links = second.amount_links(sorted(claim.mentions), amount.start) if second else []
            yield amount, sum_features(context, claims, claim, (number, at), amount.role in fitting, likely, links)


def _taken(claims: Sequence[Claim], claim: Claim, number: int) -> bool:
    """Whether sentence ``number`` is none of the claim's own and tells of another deal of a like kind."""
    fitting = FITTING[claim.type]
    return number not in claim.sentences and any(
        number in other.sentences and FITTING[other.type] == fitting for other in claims if other is not claim
    )


def attach_amounts(
    context: Context, claims: Sequence[Claim], judge: Judge, roles: RoleScores, second: SecondOpinion | None
) -> None:
    """Give each claim the likeliest of the sums near it, if one is likely to be its own."""
    for claim in claims:
        options = [(judge.probability(f), a) for a, f in sum_options(context, claims, claim, roles, second)]
        chance, best = max(options, key=lambda option: option[0], default=(0.0, None))
        if best is not None and chance >= OWN_SUM:
            claim.amount_strength = chance
            claim.amount = DealAmount(best.value or 0.0, best.currency or "", best.qualifier)


def attach_chips(context: Context, claims: list[Claim]) -> None:
    """Chips named in a claim's sentences, for types that are about chips."""
    for claim in claims:
        if claim.type not in CHIP_TYPES:
            continue
        found = [chip.id for number in sorted(claim.sentences) for chip in context.chips[number]]
        claim.chips = tuple(dict.fromkeys(found))


def attach_compute(context: Context, claims: list[Claim]) -> None:
    """Capacity stated in a claim's sentences: power for capacity and buildings, chip counts for what is bought."""
    for claim in claims:
        if claim.type not in CAPACITY_TYPES:
            continue
        stated = [q for number in sorted(claim.sentences) for q in context.quantities[number]]
        power = next((q.value for q in stated if q.unit == "gigawatts"), None)
        units = next((int(q.value) for q in stated if q.unit == "units"), None)
        if claim.type == "infrastructure":
            units = None
        if power is not None or units is not None:
            claim.compute = Compute(power, units)


def attribution(context: Context, number: int) -> Attribution:
    """Who says what sentence ``number`` states, by the cues in it and in the sentence before."""
    for at in (number, number - 1):
        if at >= 0:
            groups = {cue.group for cue in context.cues[at]}
            for group, name in ATTRIBUTIONS:
                if group in groups:
                    return name
    return "unattributed"


def attach_status(
    context: Context,
    models: Mapping[str, Linear],
    claims: list[Claim],
    second: SecondOpinion | None = None,
    weight: float = 0.5,
) -> None:
    """Log-probabilities of the four statuses: the mean over the claim's sentences, mixed with the transformer's."""
    for claim in claims:
        total = np.zeros(4, np.float32)
        for number in claim.sentences:
            inside = [context.mentions[i].start for i in claim.mentions if context.mentions[i].sentence == number]
            focus = sum(inside) // len(inside) if inside else context.sentences[number].start
            total += status_scores(context, models, number, focus, claim.type)
        own = total / max(1, len(claim.sentences))
        other = second.status(tuple(sorted(claim.mentions))) if second else None
        mixed = own if other is None else (1 - weight) * own + weight * other
        claim.status = np.asarray(mixed, np.float32)
