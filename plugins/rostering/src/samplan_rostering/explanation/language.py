"""Speak a language outside a request: the command line's texts in Swedish or English."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_babel import Babel

LOCALES = {"sv": "sv_SE", "en": "en_GB"}
TRANSLATIONS = Path(__file__).parents[1] / "translations"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Have this module's texts in a language of `LOCALES` as long as the context lasts."""
    app = Flask(__name__)
    Babel(
        app,
        default_locale=LOCALES[language],
        default_translation_directories=str(TRANSLATIONS),
        default_domain="rostering",
    )
    with app.app_context():
        yield
