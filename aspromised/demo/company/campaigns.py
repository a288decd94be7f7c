"""The promotions as the records know them: who they brought, and what capacity was laid on."""

from dataclasses import dataclass

import numpy as np

from aspromised.demo.anchors import Anchors
from aspromised.demo.wall import DAY, Floats, Ints, wall


@dataclass(frozen=True)
class Campaign:
    """A promotion that ran: its code, when, how much demand it really added, and which shipping it sold."""

    id: str
    code: str
    launched: str
    ends: str
    uplift: float
    express_share: float | None = None
    category: str | None = None


CAMPAIGNS = (
    Campaign("mattress-month", "MATTRESS", "mattress-launched", "mattress-ends", 0.14, category="bedroom"),
    Campaign("kitchen-clearance", "KITCHEN", "kitchen-launched", "kitchen-ends", 0.17, category="kitchen"),
    Campaign("lighting-week", "LIGHT", "lighting-launched", "lighting-ends", 0.15, category="lighting"),
    Campaign("bedroom-bonus", "BEDROOM", "bedroom-launched", "bedroom-ends", 0.15, category="bedroom"),
    Campaign("loyalty-thank-you", "THANKS", "loyalty-launched", "loyalty-ends", 0.06),
    Campaign("express-everything", "EXPRESS", "express-launched", "express-ends", 0.24, express_share=0.85),
    Campaign("flash-rugs", "RUGS", "flash-launched", "flash-ends", 0.10, category="rugs"),
)

USUAL_HEADROOM = 1.15
"""Picking capacity laid on, as a multiple of the units usually ordered that day."""

_SHIFTS = (  # from, to (excluded), capacity as a multiple of usual demand
    ("overlap-shift", "overlap-shift-ends", 1.38),
    ("lighting-shift", "lighting-shift-ends", 1.50),
    ("bedroom-shift", "bedroom-shift-ends", 1.50),
    ("express-announced", "express-ready", 1.12),
    ("express-ready", "express-shift-ends", 1.70),
)


def active(campaign: Campaign, at: Anchors, days: Ints) -> Floats:
    """Return which share of each day the campaign ran: its first day from the hour of launch, its last whole."""
    opens, closes = wall(at[campaign.launched]), wall(at[campaign.ends]) + DAY
    return np.clip((np.minimum(closes, (days + 1) * DAY) - np.maximum(opens, days * DAY)) / DAY, 0, 1)


def daily_headroom(at: Anchors, days: Ints) -> Floats:
    """Return each day's picking capacity as a multiple of usual demand."""
    factor = np.full(len(days), USUAL_HEADROOM)
    for start, stop, level in _SHIFTS:
        factor[(days * DAY >= wall(at[start])) & (days * DAY < wall(at[stop]))] = level
    factor[days * DAY >= wall(at["autumn-shift"])] = 1.45
    return factor
