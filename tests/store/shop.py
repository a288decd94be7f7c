"""A workspace on a temporary folder, and the shortest way to load it."""

from pathlib import Path
from typing import Any

from aspromised.declare.model import Company, Connection, Source
from aspromised.declare.workspace import Workspace
from aspromised.sql.authored import guard as expression
from aspromised.store.sources.sources import SourceHealth, load_sources
from aspromised.store.warehouse import writing

Rows = list[tuple[Any, ...]]


class Shop:
    """A workspace in London whose files and sources a test writes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(exist_ok=True)
        self.data = root / "data"
        self.data.mkdir(exist_ok=True)
        self.sources: dict[str, Source] = {}
        self.connections: dict[str, Connection] = {}
        self.declared: dict[str, Any] = {}

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def source(self, name: str, **declared: Any) -> None:
        self.sources[name] = Source(**declared)

    @property
    def workspace(self) -> Workspace:
        company = Company(name="Fernway Home", timezone="Europe/London")
        return Workspace(
            self.root, company, sources=self.sources, connections=self.connections, **self.declared
        )

    def load(self, **more: Any) -> dict[str, SourceHealth]:
        with writing(self.workspace) as con:
            return {
                health.source: health
                for health in load_sources(con, self.workspace, guards=expression, **more)
            }

    def query(self, sql: str) -> Rows:
        with writing(self.workspace) as con:
            return con.execute(sql).fetchall()

    def types(self, source: str) -> dict[str, str]:
        return {row[0]: row[1] for row in self.query(f'describe source."{source}"')}

    def set_aside(self, source: str) -> Rows:
        return self.query(f"select row, reason from set_aside where source = '{source}' order by all")
