"""The digest: what changed in the ledger since the last one, as an editor would write it, in HTML and plain text.

digest = build_digest(con, since=last_sent, until=now, language="ja")
write_preview(digest, path)
"""

from pipeline.digest.build import Digest, DigestLine, build_digest
from pipeline.digest.phrases import Phrasebook, languages, phrasebook
from pipeline.digest.render import render_html, render_text, write_preview

__all__ = [
    "Digest",
    "DigestLine",
    "Phrasebook",
    "build_digest",
    "languages",
    "phrasebook",
    "render_html",
    "render_text",
    "write_preview",
]
