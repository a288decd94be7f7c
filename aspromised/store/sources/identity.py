"""The columns of each source that rows are told apart by, there or in a view over it."""

from collections.abc import Mapping

from aspromised.declare.rules.identity import identities
from aspromised.declare.workspace import Workspace
from aspromised.sql.authored.identity import identities_behind
from aspromised.sql.authored.reads import reads
from aspromised.words.columns import column_key


def identity_columns(workspace: Workspace) -> Mapping[str, frozenset[str]]:
    """Return the keys of these columns, by source; what a view tells apart by, the sources that it reads do too."""
    found: dict[str, set[str]] = {name: set() for name in workspace.sources}
    for source, column in identities(workspace):
        found.setdefault(source, set()).add(column_key(column))
    views = {name: source.sql for name, source in workspace.sources.items() if source.sql}
    left = list(views)
    while left:
        view = left.pop()
        behind = identities_behind(views[view], found[view])
        for read in reads(views[view], workspace.sources):
            if not behind <= found[read]:
                found[read] |= behind
                left += [read] if read in views else []
    return {name: frozenset(columns) for name, columns in found.items()}
