"""Claims drawn at random, of so few companies that many fit several deals."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

from hypothesis import strategies as st

from models.facts import DealType, Status
from pipeline.group import Claim, ClaimAmount, ClaimParty
from pipeline.group.claims import SIDES

COMPANIES = ("amazon", "openai", "nvidia", "oracle", "microsoft")

party = st.builds(
    lambda name, role: ClaimParty(name, name, role), st.sampled_from(COMPANIES), st.sampled_from(sorted(SIDES))
)
parties = st.lists(party, min_size=1, max_size=4, unique_by=lambda party: party.id)
sums = st.none() | st.builds(
    lambda billions, bound: ClaimAmount(billions * 1e9, "USD", bound, billions * 1e9, 1.0),
    st.sampled_from([1, 2, 3, 10, 11]), st.sampled_from(["exact", "over", "up_to", "range"]),
)  # fmt: skip


@st.composite
def claims_of_few_companies(draw: st.DrawFn) -> list[Claim]:
    """Claims so alike that many fit several deals; two in five times out of one article."""
    claims = []
    for number in range(draw(st.integers(2, 40))):
        day = date(2025, 1, 1) + timedelta(days=draw(st.integers(0, 60) | st.integers(0, 900)))
        article = f"article-{number - draw(st.sampled_from([0, 0, 0, 1, 2]))}"
        claims.append(
            Claim(
                id=f"claim-{number:02}", version_id=article, article_id=article, source_id="source", tier=2,
                type=draw(st.sampled_from(get_args(DealType))), status=draw(st.sampled_from(get_args(Status))),
                parties=tuple(draw(parties)), occurred_on=day, published_on=day, amount=draw(sums),
                chips=draw(st.sampled_from([(), (), ("nvidia-h100",), ("amazon-trainium2",), ("gpu",)])),
                gigawatts=draw(st.sampled_from([None, None, 1.0, 6.0])), dated=draw(st.booleans()),
                background=draw(st.integers(0, 3)) == 0, extractor="test",
            )
        )  # fmt: skip
    return claims
