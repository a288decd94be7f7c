"""How likely a period is to reach its target, by chance among its items and by how far periods stray."""

from scipy.stats import betabinom, binom

from aspromised.stats.proportion import items_required


def p_of_hitting_target(share: float, target: float, items: int, dispersion: float = 1.0) -> float:
    """Return the chance that at least `target` of `items` are kept, each with the chance `share`.

    `dispersion` is how much wider periods stray than chance makes them (σ_z of `laney_p_prime`): beta-binomial beyond 1.

    >>> [round(p_of_hitting_target(0.96, 0.95, items), 3) for items in (50, 200, 1000)]
    [0.677, 0.82, 0.951]
    """
    required = float(items_required(items, target))
    linked = (dispersion**2 - 1) / (items - 1) if items > 1 else 0.0
    if linked <= 0 or share in (0.0, 1.0):
        return float(binom.sf(required - 1, items, share))
    pairs = 1 / min(linked, 0.999) - 1
    return float(betabinom.sf(required - 1, items, share * pairs, (1 - share) * pairs))
