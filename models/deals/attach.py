"""What belongs to a claim besides its parties: the sum, the chips, the status."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.deals.claims import Claim
from models.deals.context import Context
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
# Of partnerships only those that turn out to be another deal told broadly keep their chips (see merge).
CHIP_TYPES = ("chip_supply", "compute_contract", "infrastructure", "partnership")
CAPACITY_TYPES = ("chip_supply", "compute_contract", "infrastructure")
ATTRIBUTIONS: tuple[tuple[str, Attribution], ...] = (
    ("anonymous", "anonymous"),
    ("official", "official"),
    ("outlet", "other_outlet"),
)


def attach_amounts(context: Context, claims: list[Claim]) -> None:
    """Give each claim the fitting sum nearest to its parties, each sum to one claim of a sentence and type."""
    for claim in claims:
        options = [
            (strength, amount)
            for number in sorted(claim.sentences)
            for amount in context.amounts[number]
            if (strength := _fit(context, claim, amount)) > 0
        ]
        if not options:
            for number in (max(claim.sentences) + 1, min(claim.sentences) - 1):
                options += [(s * 0.5, a) for a, s in _neighbour(context, claim, number, claims)]
        if options:
            claim.amount_strength, best = max(options, key=lambda o: o[0])
            claim.amount = DealAmount(best.value or 0.0, best.currency or "", best.qualifier)


def _neighbour(context: Context, claim: Claim, number: int, claims: list[Claim]) -> list[tuple[Amount, float]]:
    """Sums of the next sentence over, where no other claim of a like kind stands in it."""
    if not 0 <= number < len(context.sentences):
        return []
    if any(number in other.sentences and FITTING[other.type] == FITTING[claim.type] for other in claims):
        return []
    if abs(number - max(claim.sentences)) != 1 and abs(number - min(claim.sentences)) != 1:
        return []
    return [(a, s) for a in context.amounts[number] if (s := _fit(context, claim, a)) > 0]


def _fit(context: Context, claim: Claim, amount: Amount) -> float:
    """How well a sum fits a claim: 0 not at all, towards 1 when its role fits and it stands near the parties."""
    if (
        amount.value is None
        or amount.currency is None
        or amount.converted_from is not None
        or amount.role == "conversion"
    ):
        return 0.0
    if amount.role not in FITTING[claim.type]:
        return 0.0
    parties = [m for m in context.mentions if m.id in claim.roles and m.sentence in claim.sentences]
    if not parties:
        return 0.1
    gap = min(max(m.start - amount.end, amount.start - m.end, 0) for m in parties)
    return 1.0 / (1.0 + gap / 60.0)


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
