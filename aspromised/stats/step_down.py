"""Several questions asked at once: p-values adjusted so that chance answers any of them no more often than one."""

import numpy as np


def holm(p: np.ndarray) -> np.ndarray:
    """Return p-values adjusted by Holm's step-down rule (Scand J Stat 6:65, 1979).

    >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p)
    adjusted = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)).clip(max=1)
    return np.asarray(adjusted[np.argsort(order)])
