"""How much likelier something is after something else: the ratio of two risks, its interval, and what is behind it."""

from dataclasses import astuple, dataclass
from math import exp, inf, log, nan, sqrt

from aspromised.stats.proportion import Z2

_Z = sqrt(Z2)


@dataclass(frozen=True)
class Exposed:
    """Items after an exposure and those without it, and how many of each came to harm."""

    harmed: float
    exposed: float
    harmed_without: float
    without: float

    @property
    def risk(self) -> float:
        """The share harmed of the exposed; NaN of none."""
        return self.harmed / self.exposed if self.exposed else nan

    @property
    def risk_without(self) -> float:
        """The share harmed of the others; NaN of none."""
        return self.harmed_without / self.without if self.without else nan


@dataclass(frozen=True)
class RiskRatio:
    """The ratio of two risks with its 95 % interval; NaN where it cannot be told. Where only the exposed came to harm
    it is infinite, and so is its end; its beginning is known."""

    ratio: float
    low: float
    high: float


def risk_ratio(table: Exposed) -> RiskRatio:
    """Return the risk of the exposed ÷ that of the others, with the log interval (Katz et al., Biometrics 34:469, 1978).

    Where one of the two came to no harm, the ratio is 0 or infinite, and the other end of its interval is that of half an item more
    in each count (Pettigrew, Gart & Thomas, Biometrika 73:425, 1986).

    >>> found = risk_ratio(Exposed(45, 100, 36, 900))
    >>> f"{found.ratio:.2f} ({found.low:.2f} to {found.high:.2f})"
    '11.25 (7.64 to 16.56)'
    """
    if not (table.exposed and table.without) or table.harmed + table.harmed_without == 0:
        return RiskRatio(nan, nan, nan)
    if not table.harmed_without:
        return RiskRatio(inf, risk_ratio(_with_more(table, 0.5)).low, inf)
    if not table.harmed:
        return RiskRatio(0.0, 0.0, risk_ratio(_with_more(table, 0.5)).high)
    ratio = table.risk / table.risk_without
    spread = sqrt(1 / table.harmed - 1 / table.exposed + 1 / table.harmed_without - 1 / table.without)
    return RiskRatio(ratio, ratio * exp(-_Z * spread), ratio * exp(_Z * spread))


def _with_more(table: Exposed, more: float) -> Exposed:
    """Return a table with so much more in each count."""
    return Exposed(*(each + more for each in astuple(table)))


def risk_ratio_within(strata: list[Exposed]) -> RiskRatio:
    """Return the ratio of risks among like items: Mantel and Haenszel's over the strata, with the interval of Greenland and
    Robins (Biometrics 41:55, 1985). Strata in which all, or none, were exposed say nothing.

    Where only the exposed, or only the others, came to harm, half an item more in all is spread over the strata by their size, for the
    end of the interval that is known.

    >>> found = risk_ratio_within([Exposed(45, 100, 36, 900)])
    >>> f"{found.ratio:.2f} ({found.low:.2f} to {found.high:.2f})"
    '11.25 (7.64 to 16.56)'
    """
    above = below = spread = 0.0
    strata = [each for each in strata if each.exposed and each.without]
    for each in strata:
        n = each.exposed + each.without
        above += each.harmed * each.without / n
        below += each.harmed_without * each.exposed / n
        all_harmed = each.harmed + each.harmed_without
        spread += (all_harmed * each.exposed * each.without - each.harmed * each.harmed_without * n) / n**2
    if not above and not below:
        return RiskRatio(nan, nan, nan)
    if not above or not below:
        items = sum(each.exposed + each.without for each in strata)
        near = risk_ratio_within([_with_more(s, 0.5 * (s.exposed + s.without) / items) for s in strata])
        return RiskRatio(inf, near.low, inf) if above else RiskRatio(0.0, 0.0, near.high)
    ratio, half = above / below, _Z * sqrt(max(spread, 0.0) / (above * below))
    return RiskRatio(ratio, exp(log(ratio) - half), exp(log(ratio) + half))


def attributable_share(table: Exposed, ratio: float) -> float:
    """Return the share of all harm that would not be, had the exposed the others' risk and were that all there is to it.

    The population attributable fraction by the share of the harmed who were exposed (Miettinen, Am J Epidemiol 99:325, 1974);
    negative where the exposed fare better, NaN where nobody came to harm.

    >>> round(attributable_share(Exposed(45, 100, 36, 900), 11.25), 3)
    0.506
    """
    harmed = table.harmed + table.harmed_without
    if not harmed or ratio != ratio:
        return nan
    if not ratio:
        return 0.0 if not table.harmed else -inf
    return table.harmed / harmed * (1 - 1 / ratio)
