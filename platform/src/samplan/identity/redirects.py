"""Where to go after a form: only to pages of our own."""

from __future__ import annotations

from urllib.parse import urlsplit

LONGEST = 2000


def own_path(target: str | None, default: str) -> str:
    r"""Return `target` where it is a path on this site, else `default`.

    Browsers take `//host`, `/\host` and paths with control characters for other sites.
    """
    if not target or len(target) > LONGEST or not target.isprintable():
        return default
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return default
    try:
        parts = urlsplit(target)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else target
