"""Fisher's exact test of many parts against the rest of one whole, at once (Fisher, J R Stat Soc 85:87, 1922)."""

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

Counts = npt.NDArray[np.float64]
_AS_RARE = 1e-7
"""Tables whose probabilities are as near as this, in relation, are equally rare (as R's fisher.test has it)."""
_NEGLIGIBLE = 1e-17


def fisher_log_p(broken: npt.ArrayLike, decided: npt.ArrayLike, all_broken: int, all_decided: int) -> Counts:
    """Return the natural logarithm of the two-sided p of each part of a whole against all that is not in it.

    Parts are those of one whole, of which `all_broken` of `all_decided` are broken. The p is the probability of all tables
    with these margins that are no likelier than the one seen. A logarithm tells apart what is too small for a number.

    >>> np.exp(fisher_log_p([8, 10], [10, 20], 11, 30)).round(6).tolist()
    [0.000974, 0.048513]
    """
    seen, n = (np.atleast_1d(np.asarray(each, float)) for each in (broken, decided))
    n, seen = np.broadcast_arrays(n, seen)
    table = _Tables(n, float(all_broken), float(all_decided))
    at = table.log_probability(seen)
    is_high = seen >= table.mode
    upper, lower = (
        table.tail(np.where(is_high, seen, np.inf), 1),
        table.tail(np.where(is_high, -np.inf, seen), -1),
    )
    near = np.where(is_high, upper, lower)
    far_high = table.tail(np.where(is_high, np.inf, table.first_as_rare(at, 1)), 1)
    far_low = table.tail(np.where(is_high, table.first_as_rare(at, -1), -np.inf), -1)
    both = np.logaddexp(near, np.where(is_high, far_low, far_high))
    found: Counts = np.where(at >= table.log_probability(table.mode) - _AS_RARE, 0.0, np.minimum(both, 0.0))
    return found


class _Tables:
    """The hypergeometric distributions of parts of `n` items each from one whole of `size`, `marked` of them."""

    def __init__(self, n: Counts, marked: float, size: float) -> None:
        self.n, self.marked, self.size = n, marked, size
        self.least, self.most = np.maximum(0.0, n - (size - marked)), np.minimum(n, marked)
        self.mode = np.clip(np.floor((n + 1) * (marked + 1) / (size + 2)), self.least, self.most)

    def log_probability(self, k: Counts) -> Counts:
        """Of exactly `k` of a part's items."""
        inside = np.clip(k, self.least, self.most)
        chosen = _log_choose(self.marked, inside) + _log_choose(self.size - self.marked, self.n - inside)
        found: Counts = np.where(inside == k, chosen - _log_choose(self.size, self.n), -np.inf)
        return found

    def first_as_rare(self, at: Counts, way: int) -> Counts:
        """The count nearest the mode, above it (1) or below (-1), that is no likelier than `at`; beyond the ends where none is."""
        near, far = self.mode.copy(), (self.most + 1 if way > 0 else self.least - 1)
        while (abs(far - near) > 1).any():
            middle = np.floor((near + far) / 2) if way > 0 else np.ceil((near + far) / 2)
            is_rare = self.log_probability(middle) <= at + _AS_RARE
            is_between = abs(far - near) > 1
            far, near = (
                np.where(is_between & is_rare, middle, far),
                np.where(is_between & ~is_rare, middle, near),
            )
        return far

    def tail(self, start: Counts, way: int) -> Counts:
        """The logarithm of the probability of `start` or further away from the mode; -inf beyond the ends.

        Each probability is the one before times a ratio; a part is let go when its terms no longer count.
        """
        total = np.full(self.n.shape, -np.inf)
        at = np.flatnonzero((start >= self.least) & (start <= self.most))
        k, n = start[at], self.n[at]
        first = self.log_probability(np.where(np.isfinite(start), start, self.mode))[at]
        term, added = np.ones(len(at)), np.ones(len(at))
        summed = np.ones(self.n.size)
        while len(at):
            term = term * self._ratio(k, n, way)
            k = k + way
            added = added + term
            summed[at] = added
            alive = term > _NEGLIGIBLE * added
            at, k, n, term, added = at[alive], k[alive], n[alive], term[alive], added[alive]
        counted = np.flatnonzero((start >= self.least) & (start <= self.most))
        total[counted] = first + np.log(summed[counted])
        return total

    def _ratio(self, k: Counts, n: Counts, way: int) -> Counts:
        """How much likelier the next count, upwards or downwards, is than `k`; 0 beyond the ends."""
        rest = self.size - self.marked
        if way > 0:
            return (self.marked - k) * (n - k) / ((k + 1) * (rest - n + k + 1))
        return k * (rest - n + k) / ((self.marked - k + 1) * (n - k + 1))


def _log_choose(n: float, k: Counts) -> Counts:
    found: Counts = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return found
