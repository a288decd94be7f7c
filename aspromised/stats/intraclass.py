"""How far scores of units differ beyond the scatter of single scores: variance components, intraclass correlation, reliability.

A score is taken to vary around its unit's own mean with variance `within`, and the units' means around one mean with
variance `between`: a one-way random-effects analysis of variance.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Components:
    """Variance components of scores by unit."""

    mean: float
    """Of all scores."""
    between: float
    """The variance of the units' true means; never below 0."""
    within: float
    """The variance of single scores around their unit's mean."""
    freedom: int
    """Degrees of freedom of `within`: scores less units."""
    p: float = 1.0
    """The chance of means so far apart were there no difference between units: Fisher's F test."""

    @property
    def icc(self) -> float:
        """The part of a single score's variance that tells units apart: ICC(1), NaN where nothing varies."""
        whole = self.between + self.within
        return self.between / whole if whole else float("nan")

    def reliability(self, scores: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Return, of units with so many scores, the part of their mean's variance that is not noise (Spearman–Brown).

        `between` / (`between` + `within` / n), as in Adams, The Reliability of Provider Profiling, RAND 2009.
        """
        n = np.asarray(scores, float)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.nan_to_num(self.between / (self.between + self.within / n))


def components(
    scores: npt.ArrayLike, totals: npt.ArrayLike, squares: npt.ArrayLike, least: float = 0.0
) -> Components | None:
    """Return the components of units told by how many scores each has, their sum and the sum of their squares.

    By the analysis of variance of groups that need not be of one size (Searle, Casella & McCulloch, Variance Components,
    1992, 3.6). `least` is a floor of `within`: what rounding alone leaves of a score. None where no unit has two scores.

    >>> found = components([2, 2], [3, 9], [5, 41])
    >>> (found.mean, found.between, found.within, found.freedom, round(found.p, 4))
    (3.0, 4.25, 0.5, 2, 0.0513)
    """
    from scipy.special import fdtrc

    n, sums, squared = (np.asarray(each, float) for each in (scores, totals, squares))
    n, sums, squared = n[n > 0], sums[n > 0], squared[n > 0]
    freedom, count = int(n.sum() - len(n)), n.sum()
    if freedom < 1:
        return None
    inside = max(float((squared - sums**2 / n).sum()), 0.0)
    within = max(inside / freedom, least)
    mean = float(sums.sum() / count)
    if len(n) < 2:
        return Components(mean, 0.0, within, freedom)
    among = float((n * (sums / n - mean) ** 2).sum()) / (len(n) - 1)
    usual = float((count - (n**2).sum() / count) / (len(n) - 1))
    p = float(fdtrc(len(n) - 1, freedom, among / within)) if within else float(among == 0)
    return Components(mean, max(0.0, (among - within) / usual), within, freedom, p)


def rounding(step: float) -> float:
    """Return the variance that rounding to a grid hides: step² / 12 (Sheppard 1898).

    >>> f"{rounding(1):.4f}"
    '0.0833'
    """
    return step**2 / 12


def mean_interval(
    mean: npt.ArrayLike, scores: npt.ArrayLike, within: float, freedom: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % interval of means of so many scores, whose variance was pooled over units (Student 1908); NaN of none.

    >>> low, high = mean_interval([4.0], [9], 1.0, 20)
    >>> f"{low[0]:.3f} {high[0]:.3f}"
    '3.305 4.695'
    """
    from scipy.special import stdtrit

    n = np.asarray(scores, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        half = float(stdtrit(freedom, 0.975)) * np.sqrt(within / np.where(n > 0, n, np.nan))
    return np.asarray(mean, float) - half, np.asarray(mean, float) + half


def mean_difference_p(
    difference: float, scores: int, other_scores: int, within: float, freedom: int
) -> float:
    """Return the chance of two means so far apart without a difference: Student's t, two-sided, variance pooled over units.

    >>> f"{mean_difference_p(1.0, 8, 8, 1.0, 14):.4f}"
    '0.0653'
    """
    from scipy.special import stdtr

    error = float(np.sqrt(within * (1 / scores + 1 / other_scores)))
    if not error:
        return float(difference == 0)
    return float(2 * stdtr(freedom, -abs(difference) / error))


def shrout_fleiss(table: npt.ArrayLike) -> tuple[float, float, float]:
    """Return ICC(1,1), ICC(2,1) and ICC(3,1) of a table of targets (rows) by judges (columns), all rated by all.

    Shrout & Fleiss, Intraclass Correlations: Uses in Assessing Rater Reliability, Psychological Bulletin 86:420 (1979).

    >>> [f"{each:.2f}" for each in shrout_fleiss([[1, 1], [3, 3], [5, 5]])]
    ['1.00', '1.00', '1.00']
    """
    x = np.asarray(table, float)
    targets, judges = x.shape
    mean = x.mean()
    rows = judges * ((x.mean(axis=1) - mean) ** 2).sum()
    columns = targets * ((x.mean(axis=0) - mean) ** 2).sum()
    whole = ((x - mean) ** 2).sum()
    of_rows, of_columns = rows / (targets - 1), columns / (judges - 1)
    of_rest = (whole - rows - columns) / ((targets - 1) * (judges - 1))
    inside = (whole - rows) / (targets * (judges - 1))
    return (
        float((of_rows - inside) / (of_rows + (judges - 1) * inside)),
        float(
            (of_rows - of_rest)
            / (of_rows + (judges - 1) * of_rest + judges * (of_columns - of_rest) / targets)
        ),
        float((of_rows - of_rest) / (of_rows + (judges - 1) * of_rest)),
    )
