"""Who gets which digest, when it is due, and sending it: ``subscriptions.toml``.

book = read_subscriptions(path)
report = send_digests(settings, mail_settings, book.subscriptions, now)
"""

from pipeline.subscriptions.file import SubscriptionBook, read_subscriptions, subscribe, unsubscribe
from pipeline.subscriptions.issue import Issue, Span, build_issue, due_span, span_of_day
from pipeline.subscriptions.schedule import issue_before, issue_on, latest_issue, period_of
from pipeline.subscriptions.schema import Subscription
from pipeline.subscriptions.send import SendReport, letter_of, send_digests

__all__ = [
    "Issue",
    "SendReport",
    "Span",
    "Subscription",
    "SubscriptionBook",
    "build_issue",
    "due_span",
    "issue_before",
    "issue_on",
    "latest_issue",
    "letter_of",
    "period_of",
    "read_subscriptions",
    "send_digests",
    "span_of_day",
    "subscribe",
    "unsubscribe",
]
