"""Charsets beyond what the feed and page tests cover: marks, double encoding, damage."""

from __future__ import annotations

import pytest

from pipeline.parse.charset import decode_body, known_charset

JAPANESE = "港湾計算は17日、半導体4万個を20億ドルで発注したと発表した。"
FRENCH = "L’entreprise a annoncé une commande à près de 2 milliards d’euros à Évry."


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_outranks_the_header(charset: str) -> None:
    decoded = decode_body(JAPANESE.encode(charset), "text/html; charset=shift_jis", "ja")
    assert (decoded.text, decoded.how) == (JAPANESE, "byte order mark")


def test_wide_text_without_a_mark() -> None:
    assert decode_body(f"<p>{JAPANESE}</p>".encode("utf-16-le")).text == f"<p>{JAPANESE}</p>"


@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
def test_text_encoded_twice_is_mended(wrong: str) -> None:
    original = FRENCH if wrong == "latin-1" else "Der Käufer übernimmt das Werk für 90 Mio. € – größer als gedacht."
    twice = original.encode().decode(wrong).encode()
    decoded = decode_body(twice, "text/html; charset=utf-8", "fr" if wrong == "latin-1" else "de")
    assert decoded.text == original
    assert "text had been encoded twice; mended" in decoded.notes


def test_utf8_is_not_mended_without_need() -> None:
    text = "Ã la carte: Â is a letter, â too. São Tomé, Éire, façade."
    assert decode_body(text.encode(), "", "pt").text == text


def test_one_damaged_byte_does_not_change_the_charset() -> None:
    body = (JAPANESE * 30).encode()
    decoded = decode_body(body[:100] + b"\xff" + body[100:], "text/html; charset=utf-8", "ja")
    assert decoded.charset == "utf-8"
    assert decoded.text.count("\ufffd") <= 3
    assert "could not be read" in decoded.notes[-1]


@pytest.mark.parametrize(
    ("label", "codec"),
    [("Shift_JIS", "cp932"), ("x-sjis", "cp932"), ("GB2312", "gb18030"), ("ks_c_5601-1987", "cp949"),
     ("ISO-8859-1", "cp1252"), ("no-such-charset", None), ("base64", None), ("utf-7", None), ("", None)],
)  # fmt: skip
def test_labels(label: str, codec: str | None) -> None:
    assert known_charset(label) == codec


def test_a_wrong_claim_is_noted() -> None:
    decoded = decode_body(JAPANESE.encode("euc_jp"), "text/html; charset=iso-8859-1", "ja")
    assert decoded.text == JAPANESE
    assert decoded.notes == ("declared cp1252 by the HTTP header, read as euc_jp",)


@pytest.mark.parametrize("body", [b"", b"\x80", b"\xff\xfe", b"\x1b$B", b"\x1b$B\xff", bytes(range(256)) * 4])
def test_never_raises(body: bytes) -> None:
    decode_body(body, "text/html; charset=hz", "zh").text.encode("utf-8")
