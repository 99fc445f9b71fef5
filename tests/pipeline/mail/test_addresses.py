"""What counts as an address."""

from __future__ import annotations

import pytest

from pipeline.mail.addresses import bare, is_address, is_mailbox, on_the_wire, same


@pytest.mark.parametrize(
    "good", ["ann@example.org", "ann+news@mail.example.org", "o'neil@example.org", "jörg@bücher.example", "a@localhost"]
)
def test_addresses(good):
    assert is_address(good)
    assert is_mailbox(f"The Name <{good}>")
    assert bare(f"The Name <{good}>") == good


@pytest.mark.parametrize(
    "bad",
    ["", "ann", "@example.org", "ann@", "ann@-x.org", "ann@example..org", ".ann@example.org", "a b@example.org",
     "Ann <ann@example.org>", "ann@example.org, bob@example.org", "ann@example.org\nBcc: eve@example.org",
     "ann@exam\x00ple.org", "ann\u202e@example.org", "a@b@example.org", "a" * 250 + "@example.org", "ann@" + "x" * 70],
)  # fmt: skip
def test_no_addresses(bad):
    assert not is_address(bad)


def test_a_mailbox_takes_no_second_header():
    assert not is_mailbox("Ann\r\nBcc: eve@example.org <ann@example.org>")


def test_spellings():
    assert on_the_wire("Ann@Bücher.example") == "Ann@xn--bcher-kva.example"
    assert same("Ann@BÜCHER.example") == same("ann@xn--bcher-kva.example")
    assert same("ann@example.org") != same("anne@example.org")
