"""A message of alerts as a letter for the outbox of mail."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipeline.alerts.state import Message
from pipeline.alerts.words import headline, words
from pipeline.digest.phrases import phrasebook
from pipeline.digest.render import environment, inlined
from pipeline.digest.wrap import wrapped
from pipeline.mail import Letter, MailSettings, build_message, bytes_of, stable_id, unsubscribe_link
from pipeline.plain import one_line


def letter_of(message: Message, address: str, settings: MailSettings) -> Letter:
    """The letter to one address: the same whenever it is asked for, under the same Message-ID."""
    events = message.content["data"]["events"]
    language = message.content["data"]["language"]
    subject = headline([event["sentence"] for event in events], language)
    series = f"alert/{message.rule}"
    message_id = stable_id(settings, address, series, message.id)
    context = {
        "events": events, "language": language, "subject": subject, "words": phrasebook(language).words,
        "day": _day(language), "wrap": wrapped, "why": words(language)["why"].format(rule=message.rule),
        "unsubscribe": unsubscribe_link(settings, address),
    }  # fmt: skip
    mail = build_message(
        settings, to=address, subject=subject, message_id=message_id, when=message.released_at, language=language,
        text=environment().get_template("alert.txt.j2").render(context),
        html=inlined(environment().get_template("alert.html.j2").render(context)), list_name="alerts",
    )  # fmt: skip
    return Letter(
        message_id, address, series, message.id, settings.sender_address, one_line(subject), bytes_of(mail),
        changes=len(events),
    )  # fmt: skip


def _day(language: str) -> Any:
    book = phrasebook(language)
    return lambda text: book.day(date.fromisoformat(text))
