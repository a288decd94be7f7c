"""Two rates compared: how much of the difference is who was served (mix), and how much is how they were served."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_Shares = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Kitagawa:
    """The difference of two rates, `after` less `before`, by group: all `mix` and all `performance` add up to it exactly."""

    before: float
    after: float
    mix: _Shares
    """Of each group: what its changed share of the whole did, against the mean rate of both."""
    performance: _Shares
    """Of each group: what its changed rate did."""

    @property
    def difference(self) -> float:
        """The rate after less the rate before."""
        return self.after - self.before


def kitagawa(
    happened: tuple[npt.ArrayLike, npt.ArrayLike], counted: tuple[npt.ArrayLike, npt.ArrayLike]
) -> Kitagawa:
    """Return how far a rate moved from before to after, and by what; each pair holds one number a group before, and after.

    ``mix = (w1 - w0)((r0 + r1) / 2 - R)`` and ``performance = (r1 - r0)(w0 + w1) / 2``, with `w` a group's share of all that was
    counted, `r` its rate and R the mean of both overall rates, which leaves the sums as they are (Kitagawa, JASA 50:1168,
    1955; Das Gupta 1993). A group that is not there on one side has no rate of its own there: it takes that of the other
    side, so that coming or going is all mix.

    >>> found = kitagawa(([30, 30, 5], [25, 66, 5]), ([600, 300, 100], [500, 600, 100]))
    >>> f"{found.before:.3f} {found.after:.3f} {found.mix.sum():.5f} {found.performance.sum():.5f}"
    '0.065 0.080 0.01100 0.00400'
    """
    (m0, m1), (n0, n1) = (tuple(np.asarray(each, float) for each in pair) for pair in (happened, counted))
    if not n0.sum() > 0 or not n1.sum() > 0:
        raise ValueError("a rate needs something counted before, and after")
    return kitagawa_rates((_shares(n0), _shares(n1)), _rates(m0, m1, n0, n1))


def kitagawa_rates(shares: tuple[_Shares, _Shares], rates: tuple[_Shares, _Shares]) -> Kitagawa:
    """Return the same of shares (each side adds up to 1) and rates that are known."""
    (w0, w1), (r0, r1) = shares, rates
    before, after = float((w0 * r0).sum()), float((w1 * r1).sum())
    mean = (before + after) / 2
    return Kitagawa(before, after, (w1 - w0) * ((r0 + r1) / 2 - mean), (r1 - r0) * (w0 + w1) / 2)


def _shares(counted: _Shares) -> _Shares:
    found: _Shares = counted / counted.sum()
    return found


def _rates(m0: _Shares, m1: _Shares, n0: _Shares, n1: _Shares) -> tuple[_Shares, _Shares]:
    with np.errstate(invalid="ignore", divide="ignore"):
        r0, r1 = m0 / n0, m1 / n1
    r0, r1 = np.where(n0 > 0, r0, r1), np.where(n1 > 0, r1, r0)
    return np.nan_to_num(r0), np.nan_to_num(r1)
