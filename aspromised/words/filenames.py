"""The one way in which a word that somebody wrote becomes the name of a file."""

import hashlib
from urllib.parse import quote

_LONGEST = 180
"""Bytes of a name's stem; file systems take 255 with its ending."""
_MARK = 16


def file_name(stem: str, ending: str = "") -> str:
    """Return `stem` as a file's name: one part of a path, visible, never too long, another for another stem.

    Letters, digits, - and _ stand, points but for the first; everything else is escaped as in URLs.

    >>> file_name("spring-express", ".pdf"), file_name("../../etc/pass\\x00wd")
    ('spring-express.pdf', '%2E.%2F..%2Fetc%2Fpass%00wd')
    """
    name = "".join(map(_plain, stem))
    name = f"%2E{name[1:]}" if name.startswith(".") else name or "%"
    if len(name.encode()) > _LONGEST:
        mark = hashlib.sha256(stem.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]
        name = name.encode()[: _LONGEST - _MARK].decode("utf-8", "ignore") + f"%{mark}"
    return name + ending


def _plain(letter: str) -> str:
    return letter if letter.isalnum() or letter in "-_." else quote(letter, safe="", errors="surrogatepass")
