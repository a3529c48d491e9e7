"""Months as people say them."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from samplan.web.formats import show_month


@pytest.mark.parametrize(
    ("locale", "style", "words"),
    [
        ("sv", "short", "okt\u00a02026"),
        ("sv", "long", "oktober 2026"),
        ("sv", "name", "oktober"),
        ("sv", "short_name", "okt"),
        ("en", "short", "Oct\u00a02026"),
        ("en", "long", "October 2026"),
    ],
)
def test_a_month_is_said_in_the_language_of_the_reader(locale: str, style: str, words: str) -> None:
    app = Flask(__name__)
    Babel(app)
    with app.app_context(), force_locale(locale):
        assert show_month(date(2026, 10, 1), style) == words
        assert show_month("2026-10", style) == show_month("2026-10-01", style) == words
        assert show_month(None, style) == show_month("", style) == ""


def test_without_a_request_a_month_is_said_in_swedish() -> None:
    assert show_month(date(2026, 5, 31)) == "maj\u00a02026"
