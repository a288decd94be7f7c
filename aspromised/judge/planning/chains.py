"""The columns that chains name: are they there, and do those of moments hold moments?"""

from collections.abc import Iterator, Mapping

from aspromised.declare.model import Chain
from aspromised.declare.workspace import KeyPath, Workspace
from aspromised.judge.planning.plan import Columns, not_an_instant
from aspromised.sql.engine import Engine
from aspromised.sql.templates import identifier
from aspromised.words.problems import Problem, did_you_mean

_Named = tuple[str, KeyPath, bool]
"""A column, the place that names it, and whether it is to hold moments."""


def chains_misnamed(workspace: Workspace, tables: Mapping[str, Columns]) -> Iterator[Problem]:
    """Yield the columns that chains name and their sources lack or hold as something else; of those not loaded nothing."""
    for name, chain in workspace.chains.items():
        columns = tables.get(chain.source, {})
        for column, at, is_moment in chain_columns(name, chain) if columns else ():
            if column not in columns:
                message = (
                    f"the source '{chain.source}' has no column '{column}'.{did_you_mean(column, columns)}"
                )
                yield workspace.problem("column", message, at)
                continue
            wrong = not_an_instant(chain.source, column, columns[column]) if is_moment else None
            if wrong and workspace.is_typed(chain.source):
                yield workspace.problem("column", wrong, at)


def chain_columns(name: str, chain: Chain) -> Iterator[_Named]:
    """Yield each column that a chain names: of its items or its log, and where they are columns its stages' times."""
    read = chain.read_from
    if read is None:
        return
    where: KeyPath = ("chains", name, "items" if chain.items else "events")
    for key in (*read.others, *read.moments):
        if column := getattr(read, key):
            yield column, (*where, key), key in read.moments
    for number, stage in enumerate(chain.stages if chain.items else ()):
        at: KeyPath = ("chains", name, "stages", number)
        for key in ("working_from", "done"):
            if column := getattr(stage, key):
                yield column, (*at, key), True


def activities_unheard_of(
    con: Engine, workspace: Workspace, tables: Mapping[str, Columns]
) -> Iterator[Problem]:
    """Yield the activities that stages name and no event of their log is, where it has any: probably typos, perhaps only rare."""
    for name, chain in workspace.chains.items():
        columns = tables.get(chain.source, {})
        if chain.events is None or chain.events.activity not in columns:
            continue
        asked = f"select distinct cast({identifier(chain.events.activity)} as varchar) from source.{identifier(chain.source)}"
        heard = {activity for (activity,) in con.run(asked) if activity is not None}
        for number, stage in enumerate(chain.stages if heard else ()):
            for key in ("working_from", "done"):
                activity = getattr(stage, key)
                if activity and activity not in heard:
                    message = f"no event of the source '{chain.source}' is '{activity}'.{did_you_mean(activity, heard)}"
                    at: KeyPath = ("chains", name, "stages", number, key)
                    yield workspace.problem("no-such-activity", message, at, severity="warning")
