"""Lengths that can be promised, and those that cannot."""

import pytest

from aspromised.words.lengths import Length


@pytest.mark.parametrize(
    "text",
    ["9" * 400 + " calendar days", "99999999999 business days", "5300 weeks", "1000000 business hours"],
)
def test_a_length_over_a_century_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="longer than 100 years") as told:
        Length.parse(text)
    assert len(str(told.value)) < 150


@pytest.mark.parametrize("text", ["100 business days", "5200 weeks", "36500 calendar days"])
def test_a_length_of_a_lifetime_is_one(text: str) -> None:
    assert str(Length.parse(text)) == text
