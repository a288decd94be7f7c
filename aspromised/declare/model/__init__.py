"""The nouns of the promise language, as an author writes them."""

from aspromised.declare.model.base import Declared
from aspromised.declare.model.chain import (
    Chain,
    ChainItems,
    CustomerExpectation,
    Events,
    InputRequirement,
    Stage,
)
from aspromised.declare.model.company import Calendar, Company, Holidays, JudgedOn
from aspromised.declare.model.measure import (
    CheckMeasure,
    ClockMeasure,
    CountsMeasure,
    Exemption,
    ItemLength,
    ItemsMeasure,
    Measure,
    Pause,
    PauseSource,
    RepeatMeasure,
    SpreadMeasure,
    TermsLength,
    meant_keys,
    measure_class,
)
from aspromised.declare.model.promise import Promise, PromiseInForce, Version
from aspromised.declare.model.promotion import Capacity, Gate, Promotion
from aspromised.declare.model.records import (
    BrokenCost,
    Change,
    Complaints,
    Correction,
    Costs,
    Ratings,
    RequiredScore,
)
from aspromised.declare.model.source import ColumnType, Connection, Source

__all__ = [
    "BrokenCost",
    "Calendar",
    "Capacity",
    "Chain",
    "ChainItems",
    "Change",
    "CheckMeasure",
    "ClockMeasure",
    "ColumnType",
    "Company",
    "Complaints",
    "Connection",
    "Correction",
    "Costs",
    "CountsMeasure",
    "CustomerExpectation",
    "Declared",
    "Events",
    "Exemption",
    "Gate",
    "Holidays",
    "InputRequirement",
    "ItemLength",
    "ItemsMeasure",
    "JudgedOn",
    "Measure",
    "Pause",
    "PauseSource",
    "Promise",
    "PromiseInForce",
    "Promotion",
    "Ratings",
    "RepeatMeasure",
    "RequiredScore",
    "Source",
    "SpreadMeasure",
    "Stage",
    "TermsLength",
    "Version",
    "meant_keys",
    "measure_class",
]  # fmt: skip
