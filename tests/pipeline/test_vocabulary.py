"""Words of users' files: what is right passes, what is wrong is answered with what may have been meant."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from pipeline import vocabulary


def hint(kind, value):
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(value)
    (detail,) = caught.value.errors()
    return f"{detail['msg']}: {detail['ctx']['hint']}"


@pytest.mark.parametrize(
    ("kind", "value", "meant"),
    [
        (vocabulary.CompanyId, "openai", "openai"),
        (vocabulary.CompanyId, "OpenAI", "openai"),
        (vocabulary.CompanyId, "~라이온엑스벤처스", "~라이온엑스벤처스"),
        (vocabulary.ChipId, "google-tpu", "google-tpu"),
        (vocabulary.TypeId, "Compute contract", "compute_contract"),
        (vocabulary.StatusName, "in_talks", "in_talks"),
        (vocabulary.WrittenLanguage, "ja", "ja"),
        (vocabulary.ReadLanguage, "pt", "pt"),
        (vocabulary.Zone, "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        (vocabulary.Currency, "jpy", "JPY"),
        (vocabulary.MailAddress, "Ann@Example.org", "Ann@Example.org"),
    ],
)
def test_what_is_right(kind, value, meant):
    assert TypeAdapter(kind).validate_python(value) == meant


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (vocabulary.CompanyId, "opnai", "the id of a company: did you mean 'openai'?"),
        (vocabulary.CompanyId, "", "the id of a company: dealwire timeline"),
        (vocabulary.ChipId, "goggle-tpu", "did you mean 'google-tpu'?"),
        (vocabulary.TypeId, "equity", "should be a type of deal"),
        (vocabulary.StatusName, "anounced", "a status: did you mean 'announced'?"),
        (vocabulary.WrittenLanguage, "tlh", "a language that we write: one of: "),
        (vocabulary.ReadLanguage, "und", "two letters of ISO 639"),
        (vocabulary.Zone, "Tokio", "did you mean 'Asia/Tokyo'?"),
        (vocabulary.Zone, "new york", "did you mean 'America/New_York'?"),
        (vocabulary.Zone, "Europe/Berlim", "did you mean 'Europe/Berlin'?"),
        (vocabulary.Currency, "dollars", "ISO 4217"),
        (vocabulary.Currency, "DEM", "ISO 4217"),
        (vocabulary.MailAddress, "Ann <ann@example.org>", "without a name before it"),
    ],
)
def test_what_is_wrong(kind, value, said):
    assert said in hint(kind, value)


def test_a_family_of_chips_stands_for_its_members():
    assert {"nvidia-blackwell", "nvidia-b200", "nvidia-gb300"} <= vocabulary.with_members(["nvidia-blackwell"])
    assert "nvidia-rubin" not in vocabulary.with_members(["nvidia-blackwell"])
    assert vocabulary.with_members([]) == frozenset()
