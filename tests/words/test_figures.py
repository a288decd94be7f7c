"""What is shown as a change between two figures that are shown is what a reader finds by subtracting them."""

from decimal import Decimal

from hypothesis import example, given
from hypothesis import strategies as st

from aspromised.words.figures import MINUS, percent, points_between, points_to_target, target, without_sign

_COUNTS = st.integers(1, 100_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(_COUNTS, _COUNTS, st.sampled_from((1, 2)))
@example((89_44, 100_00), (91_36, 100_00), 1)
@example((93_01, 100_00), (92_09, 100_00), 1)
def test_a_change_is_the_difference_of_what_is_shown(
    before: tuple[int, int], after: tuple[int, int], decimals: int
) -> None:
    first, second = before[0] / before[1], after[0] / after[1]
    apart = _number(percent(second, decimals)) - _number(percent(first, decimals))
    assert _number(points_between(second, first, decimals)) == apart
    assert _number(without_sign(points_between(first, second, decimals))) == abs(apart)


@given(_COUNTS, st.integers(1, 10_000), st.sampled_from((1, 2)))
@example((99_91, 100_00), 99_95, 1)
def test_a_gap_is_the_difference_to_the_target_as_it_is_shown(
    kept: tuple[int, int], aim: int, decimals: int
) -> None:
    rate, wanted = kept[0] / kept[1], aim / 10_000
    shown = _number(percent(rate, decimals)) - _number(target(wanted))
    assert _number(points_to_target(rate, wanted, decimals)) == shown


def test_nothing_shown_has_no_change() -> None:
    assert {points_between(None, 0.9), points_between(0.9, float("nan")), points_to_target(0.9, None)} == {
        "–"
    }


def _number(words: str) -> Decimal:
    return Decimal(words.removesuffix(" %").removesuffix(" points").replace(MINUS, "-"))
