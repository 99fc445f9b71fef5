"""Messages as a reader's program sees them: parts, headers, pictures, and nothing injected."""

from __future__ import annotations

import email
import email.policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mail import MailSettings, build_message, bytes_of, stable_id, unsubscribe_link
from pipeline.plain import one_line
from tests.pipeline.mail.server import NOW, SETTINGS

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
URL = "https://news.example.org/unsubscribe/" + "x" * 100 + "?reader={address}"


def built(**more):
    """A message, written and read back."""
    given = {"to": "ann@example.org", "subject": "The deals of 2 April", "message_id": "<1@example.org>", "when": NOW,
             "text": "In words.", "html": '<p>In colour.</p><img src="cid:timeline">'}  # fmt: skip
    settings = more.pop("settings", SETTINGS)
    written = bytes_of(build_message(settings, **(given | more)))
    assert all(len(line) <= 998 and b"\n" not in line for line in written.split(b"\r\n"))
    return email.message_from_bytes(written, policy=email.policy.default)


def shape(part):
    inner = [shape(each) for each in part.iter_parts()]
    return [part.get_content_type(), *inner] if inner else part.get_content_type()


def test_both_parts_and_the_pictures_of_one():
    message = built(images={"timeline": PNG})
    assert shape(message) == [
        "multipart/alternative", "text/plain", ["multipart/related", "text/html", "image/png"],
    ]  # fmt: skip
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert picture.get_content() == PNG
    assert picture["Content-ID"] == "<timeline>"
    assert picture.get_content_disposition() == "inline"
    assert message.get_body(("html",)).get_content().startswith("<p>In colour.")
    assert message.defects == []


def test_one_part_only():
    assert shape(built(html=None, images={"timeline": PNG})) == "text/plain"
    assert shape(built(text=None)) == "text/html"
    assert shape(built(text=None, images={"timeline": PNG})) == ["multipart/related", "text/html", "image/png"]
    with pytest.raises(ValueError, match="a part"):
        built(text=None, html=None)


def test_headers():
    message = built(language="ja")
    assert str(message["From"]) == "Dealwire <news@example.org>"
    assert message["Date"].datetime == NOW
    assert message["List-Id"] == "Dealwire digest <digest.example.org>"
    assert message["List-Unsubscribe"] == "<mailto:news@example.org?subject=unsubscribe%20ann@example.org>"
    assert "List-Unsubscribe-Post" not in message
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "ja"
    assert "Reply-To" not in message


def test_unsubscribing_by_one_click():
    settings = MailSettings(sender="news@example.org", reply_to="Desk <desk@example.org>", unsubscribe_url=URL)
    message = built(settings=settings, to="ann+ai@example.org")
    web = URL.replace("{address}", "ann%2Bai%40example.org")
    mail = "mailto:desk@example.org?subject=unsubscribe%20ann%2Bai@example.org"
    assert "".join(message["List-Unsubscribe"].split()) == f"<{mail}>,<{web}>"
    assert b"=?" not in bytes(message["List-Unsubscribe"], "ascii")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(message["Reply-To"]) == "Desk <desk@example.org>"
    assert unsubscribe_link(settings, "ann+ai@example.org") == web


@pytest.mark.parametrize("subject", ["アマゾン、OpenAIに100億ドル超を出資へ " * 3, "Übernahme für 5 Mrd. €", "plain"])
def test_subjects_of_any_script(subject):
    assert built(subject=subject)["Subject"] == subject.strip()


def test_a_sender_of_any_script():
    settings = MailSettings(sender="取引速報, Tokyo <news@bücher.example>")
    assert str(built(settings=settings)["From"]) == '"取引速報, Tokyo" <news@xn--bcher-kva.example>'


def test_a_subject_of_ten_thousand_characters():
    assert built(subject="長い" * 5000)["Subject"] == "長い" * 74 + "長…"


@given(st.text(), st.text())
def test_nothing_is_injected(subject, name):
    injected = f"Hi{subject}\r\nBcc: eve@example.org\r\n\r\n<script>"
    message = built(subject=injected, text=name, html=None)
    assert set(message.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "Auto-Submitted",
        "X-Auto-Response-Suppress", "Content-Language", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert "\n" not in message["Subject"]
    assert message["Subject"] == one_line(injected, 150)


def test_a_letter_has_the_same_id_whenever_asked():
    key = ("digest/daily", "2026-04-02")
    assert stable_id(SETTINGS, "Ann@example.org", *key) == stable_id(SETTINGS, "ann@example.org", *key)
    others = [("bob@example.org", *key), ("ann@example.org", key[0], "2026-04-03"), ("ann@example.org", "x", key[1])]
    assert len({stable_id(SETTINGS, *other) for other in [("ann@example.org", *key), *others]}) == 4
    assert stable_id(SETTINGS, "ann@example.org", *key).endswith("@example.org>")
