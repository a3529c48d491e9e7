"""What the pages' forms take as numbers."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import NumberRange

from samplan_rostering.web.forms import FiniteDecimalField, whole_number


class Amount(Form):
    amount = FiniteDecimalField(validators=[NumberRange(0, 10)])


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ("2.5", []),
        ("11", ["Number must be between 0 and 10."]),
        *(
            (text, ["Not a valid decimal value."])
            for text in ("sNaN", "NaN", "-sNaN12", "Infinity", "-Infinity", "ten", "")
        ),
    ],
)
def test_an_amount_is_finite(sent: str, errors: list[str]) -> None:
    form = Amount(MultiDict({"amount": sent}))
    assert form.validate() is not bool(errors)
    assert list(form.amount.errors)[:1] == errors


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), ("999999999", 999_999_999), ("1" * 5000, -1), ("²", -1), ("٣", -1), ("-1", -1),
     ("1 ", -1), ("", -1), (None, -1)],
)  # fmt: skip
def test_a_whole_number_has_at_most_nine_plain_digits(text: str | None, number: int) -> None:
    assert whole_number(text, -1) == number
