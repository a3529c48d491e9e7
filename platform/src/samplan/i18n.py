"""Texts in the user's language: gettext through Flask-Babel, English outside a request."""

from __future__ import annotations

from typing import Any, Literal

from flask import has_app_context
from flask_babel import get_locale
from flask_babel import gettext as _flask_gettext
from flask_babel import ngettext as _flask_ngettext
from flask_babel.speaklater import LazyString

DEFAULT_LOCALE = "sv_SE"
LOCALES = {"sv_SE": "Svenska", "en_GB": "English"}


def language() -> Literal["sv", "en"]:
    """Return the language of the page or mail that is made, which is that of its files too."""
    return "en" if str(get_locale() or "").startswith("en") else "sv"


def _(message: str, **params: Any) -> str:
    """Return `message` (English) in the language of the request, with `%(name)s` filled in."""
    if has_app_context():
        return str(_flask_gettext(message, **params))
    return message % params if params else message


def ngettext(singular: str, plural: str, num: int, **params: Any) -> str:
    """Return the singular or plural text for `num` in the language of the request."""
    if has_app_context():
        return str(_flask_ngettext(singular, plural, num, **params))
    text = singular if num == 1 else plural
    return text % {"num": num, **params}


def _l(message: str, **params: Any) -> LazyString:
    """Return a text that is translated each time it is shown."""
    return LazyString(_, message, **params)
