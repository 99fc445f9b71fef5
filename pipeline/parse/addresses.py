"""One address for one article, and the ids that follow from it."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit, urlunsplit

MAX_URL = 2000

# Beyond what courlan strips (utm_*, fbclid, gclid …): counters of feeds, newsletters and messengers.
_TRACKING = frozenset((
    "__twitter_impression", "at_campaign", "at_medium", "cmpid", "dicbo", "feature", "fromsource", "guccounter",
    "ito", "isappinstalled", "ncid", "ns_campaign", "ns_linkname", "ns_mchannel", "ns_source", "rss", "sh",
    "smid", "smtyp", "spm", "sref", "taid", "traffic_source", "wt_mc", "wt_zmc", "xtor", "_hsenc", "_hsmi",
    "mkt_tok", "igshid", "s_cid", "cid_source", "ref_src", "ref_url", "soc_src", "soc_trk", "tpcc", "yptr",
))  # fmt: skip
# Only as a tracker's value: `from` alone can be a real parameter.
_TRACKING_VALUES = {"from": {"singlemessage", "timeline", "groupmessage", "rss", "feed"}}
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?|jsp)$", re.I)
_HOST = re.compile(r"^[a-z0-9._\-]+$")


def canonical_url(url: str, declared: str | None = None) -> str:
    """The address that all copies of an article share; empty where ``url`` is not an http(s) address.

    ``declared`` is the page's ``<link rel=canonical>``. It counts only within the same registered domain, and not
    where it points from an article to the front page: a common slip that would merge all articles of a site.
    """
    address = _clean(url)
    if not address or not declared:
        return address
    try:
        other = _clean(urljoin(url, declared.strip()))
    except ValueError:  # brackets that hold no IPv6 address
        other = ""
    if other and same_site(address, other) and not (_is_front(other) and not _is_front(address)):
        return other
    return address


def same_site(first: str, second: str) -> bool:
    """Whether two addresses share their registered domain (``www.a.co.jp`` and ``m.a.co.jp`` do).

    Hosts under no public suffix, such as those of a test newsroom, must be the same but for ``www.`` and ``m.``.
    """
    from courlan import extract_domain

    one, two = extract_domain(first), extract_domain(second)
    if one or two:
        return one == two
    return _bare_host(first) == _bare_host(second)


def article_id(url: str) -> str:
    """Readable and stable: host, dash, twelve hex digits of the SHA-256 of the canonical address.

    The scheme and a leading ``www.`` do not count, so a site's move to https keeps its ids.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "local").removeprefix("www.")
    rest = urlunsplit(("", "", parts.path, parts.query, ""))
    digest = hashlib.sha256(f"{host}{rest}".encode("utf-8", "replace")).hexdigest()
    name = host if _HOST.match(host) else re.sub(r"[^a-z0-9._\-]+", "_", host)
    return f"{name[:60]}-{digest[:12]}"


def version_id(article: str, title: str, text: str) -> str:
    """Id of one state of an article's words: white space and letter case aside, the same words give the same id."""
    words = " ".join(f"{title}\n{text}".casefold().split())
    return f"{article}-v{hashlib.sha256(words.encode('utf-8', 'replace')).hexdigest()[:10]}"


def _clean(url: str) -> str:
    url = url.strip()
    if len(url) > MAX_URL or not url.lower().startswith(("http://", "https://")):
        return ""
    from courlan import clean_url

    try:
        address = clean_url(url) or ""
        parts = urlsplit(address)
        if not parts.hostname:
            return ""
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        kept = [(name, value) for name, value in pairs if not _is_tracking(name.lower(), value.lower())]
        path = _INDEX.sub("/", parts.path) or "/"
        if len(path) > 1:
            path = path.rstrip("/")
        whole = urlunsplit((parts.scheme, parts.netloc, path, urlencode(kept), ""))
        return whole if len(whole) <= MAX_URL else ""  # quoting makes it longer
    except ValueError:
        return ""


def _is_tracking(name: str, value: str) -> bool:
    return name in _TRACKING or value in _TRACKING_VALUES.get(name, ())


def _bare_host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.").removeprefix("m.")


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return unquote(parts.path).strip("/") == "" and not parts.query
