"""The digest: what changed in the ledger since the last one, as an editor would write it, in HTML and plain text.

digest = build(ledger, since=last_covered, until=known_until(ledger), preferences=Preferences("ja", "JPY"))
images = inline_images(digest)
subject(digest), render_html(digest, images, unsubscribe), render_text(digest, unsubscribe)
"""

from pipeline.digest.build import Digest, DigestLine, build, known_until
from pipeline.digest.images import InlineImage, inline_images
from pipeline.digest.phrases import Phrasebook, languages, phrasebook
from pipeline.digest.preferences import Filters, Preferences
from pipeline.digest.render import render_html, render_text, subject, write_preview

__all__ = [
    "Digest",
    "DigestLine",
    "Filters",
    "InlineImage",
    "Phrasebook",
    "Preferences",
    "build",
    "inline_images",
    "known_until",
    "languages",
    "phrasebook",
    "render_html",
    "render_text",
    "subject",
    "write_preview",
]
