"""How many of some items were to be expected broken, from their weekday and their kind: what they were like, not when."""

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.linalg import LinAlgError, qr, solve
from scipy.optimize import minimize
from scipy.special import expit, logit

RARE = 0.01
"""A value with a smaller share of the items is one of the rest."""
UNKNOWN = 0.05
"""A segment is left out where more than this share of the items brought have values never seen without a promotion."""
_STEPS = 30
OTHER, NO_VALUE = "(other)", "(none)"
EXPECTED_COLUMNS = ("expected", "spread")


def expected_broken(cells: pd.DataFrame, segments: Sequence[str]) -> pd.DataFrame:
    """Return the broken items to be expected of each row of `cells` and their binomial variance: EXPECTED_COLUMNS.

    `cells` has `day`, `version`, `kept`, `broken`, `is_quiet` (whether the row is of the days and items to learn from),
    `brought` and the segments. The rates are those of a logistic regression on weekday, version and the segments' values,
    each for itself, over the quiet rows; so that a rare kind that was never broken is not expected never to break, each
    combination gets a share of as many made-up items as there are coefficients, broken at the overall rate (Clogg, Rubin,
    Schenker, Schultz & Weidman, JASA 86:68, 1991). A segment is left out where it does not tell of the items brought.
    """
    decided = (cells["kept"] + cells["broken"]).to_numpy(dtype=float)
    if not decided[cells["is_quiet"]].sum():
        return pd.DataFrame(np.nan, index=cells.index, columns=list(EXPECTED_COLUMNS))
    kinds = _kinds(cells, segments, decided)
    codes, combinations = _combinations(kinds)
    quiet = cells["is_quiet"].to_numpy()
    broken, items = (
        np.bincount(codes[quiet], weights=counts[quiet], minlength=len(combinations))
        for counts in (cells["broken"].to_numpy(dtype=float), decided)
    )
    rate = _rates(combinations, broken, items)[codes]
    told = {"expected": decided * rate, "spread": decided * rate * (1 - rate)}
    return pd.DataFrame(told, index=cells.index)


def _kinds(cells: pd.DataFrame, segments: Sequence[str], decided: np.ndarray) -> pd.DataFrame:
    """Return weekday, version and the usable segments of each row, rare values as one."""
    days = pd.to_datetime(cells["day"])
    kinds = {"weekday": days.dt.day_of_week.astype(str), "version": cells["version"].astype(str)}
    for segment in segments:
        values = _common(cells[segment].astype("object").fillna(NO_VALUE).astype(str), cells, decided)
        if values is not None:
            kinds[segment] = values
    return pd.DataFrame(kinds, index=cells.index)


def _common(values: pd.Series, cells: pd.DataFrame, decided: np.ndarray) -> pd.Series | None:
    quiet = cells["is_quiet"].to_numpy()
    seen = pd.Series(decided[quiet]).groupby(values[quiet].to_numpy()).sum()
    common = seen.index[seen >= RARE * seen.sum()]
    brought = cells["brought"].notna().to_numpy()
    strange = decided[brought & ~values.isin(seen.index).to_numpy()].sum()
    if len(common) < 2 or strange > UNKNOWN * decided[brought].sum():
        return None
    return values.where(values.isin(common), OTHER)


def _combinations(kinds: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """Return which combination each row is, and the combinations there are."""
    grouped = kinds.groupby(list(kinds.columns), sort=False)
    return grouped.ngroup().to_numpy(), kinds[~kinds.duplicated()].reset_index(drop=True)


def _rates(combinations: pd.DataFrame, broken: np.ndarray, items: np.ndarray) -> np.ndarray:
    known = items > 0
    design = _design(combinations, known)
    made_up = design.shape[1] / known.sum()
    overall = np.clip(broken.sum() / items.sum(), 1e-6, 1 - 1e-6)
    counts = np.column_stack([broken + made_up * overall, items - broken + made_up * (1 - overall)])
    return np.asarray(expit(design @ _coefficients(design[known], counts[known])))


def _coefficients(design: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the coefficients of the logistic regression of `counts` (broken, kept) on `design`.

    By iteratively reweighted least squares; where its steps swing, by a trust region, which cannot but arrive: the
    likelihood is concave, and no combination is all broken or all kept once the made-up items are in it.
    """
    found = _newton(design, counts)
    if _adds_up(found, design, counts):
        return found
    broken, items = counts[:, 0], counts.sum(axis=1)

    def loss(b: np.ndarray) -> float:
        return float((items * np.logaddexp(0, design @ b) - broken * (design @ b)).sum() / items.sum())

    def slope(b: np.ndarray) -> np.ndarray:
        return np.asarray(design.T @ (items * expit(design @ b) - broken) / items.sum())

    def curvature(b: np.ndarray) -> np.ndarray:
        rates = expit(design @ b)
        return np.asarray((design.T * (items * rates * (1 - rates))) @ design / items.sum())

    start = np.zeros(design.shape[1])
    met = minimize(
        loss, start, jac=slope, hess=curvature, method="trust-exact", options={"gtol": 1e-9, "maxiter": 5000}
    )
    return np.asarray(met.x)


def _newton(design: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Return the coefficients after Newton's steps, which here are those of iteratively reweighted least squares."""
    broken, items = counts[:, 0], counts.sum(axis=1)
    found = np.zeros(design.shape[1])
    found[0] = logit(broken.sum() / items.sum())
    for _ in range(_STEPS):
        rates = expit(design @ found)
        slope = design.T @ (broken - items * rates)
        curvature = (design.T * (items * rates * (1 - rates))) @ design
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what it warns of is looked at by who asks
                step = solve(curvature, slope, assume_a="pos")
        except LinAlgError:
            break
        found = found + step
        if not np.abs(step).max() > 1e-9:
            break
    return found


def _adds_up(found: np.ndarray, design: np.ndarray, counts: np.ndarray) -> bool:
    """Return whether of each column as many are expected broken as were: what makes the likelihood greatest."""
    expected = design.T @ (counts.sum(axis=1) * expit(design @ found))
    return bool(np.allclose(expected, design.T @ counts[:, 0], rtol=1e-6, atol=1e-6 * counts[:, 0].sum()))


def _design(combinations: pd.DataFrame, known: np.ndarray) -> np.ndarray:
    """Return a column of ones and one for each value but the first, without those that others already tell.

    What the `known` rows tell counts: a weekday that only the launch has is taken for the first one.
    """
    values = pd.get_dummies(combinations, drop_first=True, dtype=float).to_numpy()
    design = np.column_stack([np.ones(len(values)), values])
    _, upper, order = qr(design[known].T @ design[known], pivoting=True)
    size = np.abs(np.diag(upper))
    return design[:, np.sort(order[: int((size > 1e-9 * size[0]).sum())])]
