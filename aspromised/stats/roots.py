"""The zero of a function of one number, by Brent's method."""

from collections.abc import Callable

_ABSOLUTE, _RELATIVE = 2e-12, 4 * 2.0**-52
"""How near the zero is found, as `scipy.optimize.brentq` has it."""


def root(f: Callable[[float], float], low: float, high: float) -> float:
    """Return where `f` is zero between two numbers at which it has opposite signs; ValueError where it has not.

    Brent, Algorithms for Minimization Without Derivatives (1973), ch. 4, step for step as `scipy.optimize.brentq` takes
    it, to the last bit: importing that takes longer than all that `aspromised status` asks of a snapshot.

    >>> round(root(lambda x: x * x - 2, 0.0, 2.0), 12)
    1.414213562373
    """
    last, best, other = low, high, low
    f_last, f_best, f_other = f(low), f(high), 0.0
    if f_last == 0 or f_best == 0:
        return last if f_last == 0 else best
    if (f_last < 0) == (f_best < 0):
        raise ValueError("the function has one sign at both ends")
    step_before = step = 0.0
    while True:
        if f_last != 0 and (f_last < 0) != (f_best < 0):
            other, f_other, step_before, step = last, f_last, best - last, best - last
        if abs(f_other) < abs(f_best):
            last, best, other = best, other, best
            f_last, f_best, f_other = f_best, f_other, f_best
        tolerance, half = (_ABSOLUTE + _RELATIVE * abs(best)) / 2, (other - best) / 2
        if f_best == 0 or abs(half) < tolerance:
            return best
        tried = half
        if abs(step_before) > tolerance and abs(f_best) < abs(f_last):
            tried = _interpolated(last, best, other, f_last, f_best, f_other)
        if tried is not half and 2 * abs(tried) < min(abs(step_before), 3 * abs(half) - tolerance):
            step_before, step = step, tried
        else:
            step_before = step = half
        last, f_last = best, f_best
        best += step if abs(step) > tolerance else (tolerance if half > 0 else -tolerance)
        f_best = f(best)


def _interpolated(
    last: float, best: float, other: float, f_last: float, f_best: float, f_other: float
) -> float:
    """The step by the straight line through two points, or by the inverse parabola through three."""
    if last == other:
        return -f_best * (best - last) / (f_best - f_last)
    slope_last = (f_last - f_best) / (last - best)
    slope_other = (f_other - f_best) / (other - best)
    return (
        -f_best
        * (f_other * slope_other - f_last * slope_last)
        / (slope_other * slope_last * (f_other - f_last))
    )
