"""What to call the browser that a session belongs to, so that its owner knows it again."""

from __future__ import annotations

from samplan.i18n import _

# Browsers name their relatives too: the first that is found is the right one.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iOS",
    "iPad": "iPadOS",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def device_name(user_agent: str) -> str:
    """Return such as "Firefox, Windows" for the header `User-Agent`."""
    known = [
        next((name for mark, name in names.items() if mark in user_agent), None)
        for names in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(name for name in known if name) or _("Unknown program")
