"""Files that are answered to be saved: their names, kinds, and that no cache keeps them."""

from __future__ import annotations

import pytest
from flask import Flask

from samplan.documents.download import MEDIA_TYPES, download


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("Avtal 2027", 'attachment; filename="Avtal 2027.csv"'),
        ('a/b\\c\r\nd"e', "attachment; filename=a-b-c--d-e.csv"),
        (" ", "attachment; filename=Samplan.csv"),
    ],
)
def test_a_name_holds_nothing_that_leads_elsewhere(name: str, saved: str) -> None:
    with Flask(__name__).test_request_context():
        answer = download(b"x", name, "csv")
    assert answer.headers["Content-Disposition"] == saved
    assert answer.headers["Content-Type"] == MEDIA_TYPES["csv"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_name_keeps_its_swedish_letters() -> None:
    with Flask(__name__).test_request_context():
        answer = download(b"x", "Åtgärder", "xlsx")
    assert "filename*=UTF-8''%C3%85tg%C3%A4rder.xlsx" in answer.headers["Content-Disposition"]


def test_a_text_may_be_in_another_encoding() -> None:
    with Flask(__name__).test_request_context():
        answer = download(b"x", "lon", "csv", media_type="text/csv; charset=cp1252")
    assert answer.headers["Content-Type"] == "text/csv; charset=cp1252"
