"""Gates on headroom: what a capacity has left over the load that is usual and the load that promotions are expected to add.

headroom = available ÷ (usual load × (1 + expected uplifts)) − 1. The uplifts are those of the promotion itself and of
every other whose demand uses the same capacity up and which runs on the day; before the launch also of those that will
be running on the day of the launch, so that two promotions planned for one day are not each judged alone.
"""

from datetime import date

from aspromised.declare.model import Gate
from aspromised.judge.readiness.launch import Launch, draws_on
from aspromised.judge.readiness.load import LoadDays
from aspromised.judge.readiness.state import TINY, State, cannot_tell, on_every_day
from aspromised.words.figures import MINUS, count, signed_percent, target
from aspromised.words.figures import day as in_words


def headroom(available: float, usual: float, uplift: float) -> float | None:
    """Return what is left over, as a share of the load; None where there is no load to speak of.

    >>> f"{headroom(132, 100, 0.2):.2f}"
    '0.10'
    """
    load = usual * (1 + uplift)
    return available / load - 1 if load > 0 else None


def uplifts(launch: Launch, others: list[Launch], load: LoadDays, day: date) -> list[Launch]:
    """Return the promotions whose demand is reckoned with on a day: this one first."""
    days = (day, launch.launched) if day < launch.launched else (day,)
    beside = (each for each in others if each.promotion_id != launch.promotion_id and each.uplift)
    sharing = (each for each in beside if draws_on(each, load.source, load.capacity))
    return [launch, *(each for each in sharing if any(map(each.runs_on, days)))]


def headroom_states(gate: Gate, launch: Launch, others: list[Launch], load: LoadDays) -> dict[date, State]:
    """Return the state of a gate on headroom, by day."""
    needed = gate.headroom_at_least
    problem = load.problem or (
        "" if load.source else f"what uses '{load.capacity}' up is not declared: give it a load"
    )
    if problem or needed is None:
        return on_every_day(launch.days, cannot_tell(problem or "it does not say what is needed", needed))
    return {day: _state(needed, load, day, uplifts(launch, others, load, day)) for day in launch.days}


def _state(needed: float, load: LoadDays, day: date, counted: list[Launch]) -> State:
    found = load.on(day)
    if found.planned is None:
        return cannot_tell(f"what '{load.capacity}' has available on {in_words(day)} is not known", needed)
    if found.usual is None:
        return cannot_tell(
            f"the usual load on '{load.capacity}' is not known: no whole week of it before", needed
        )
    left = headroom(found.planned, found.usual, sum(each.uplift for each in counted))
    if left is None:
        return cannot_tell(f"there was no load on '{load.capacity}' in the weeks before", needed)
    met = left >= needed - TINY
    said = f"{count(found.planned)} available, usual load {count(found.usual)}{_added(counted)}"
    return State(met, f"{signed_percent(left)} left: {said}; needs {target(needed)}", left, needed)


def _added(counted: list[Launch]) -> str:
    """Return what promotions are expected to add, in words: this one without its name, others as customers read them."""
    first, *others = counted
    said = [_signed(first.uplift)] if first.uplift else []
    said += [f"{_signed(other.uplift)} for “{other.promotion.says}”" for other in others]
    return "".join(said)


def _signed(uplift: float) -> str:
    """An uplift as it is added, or taken away.

    >>> _signed(0.15), _signed(-0.1)
    (' + 15 %', ' − 10 %')
    """
    return f" {MINUS if uplift < 0 else '+'} {target(abs(uplift))}"
