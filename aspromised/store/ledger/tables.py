"""The ledger's tables, made step by step: each migration is done once, in order, in every database.

The database itself refuses what would change the past: updates, deletions, and events that do not follow the last.
See docs/decisions/0005-a-ledger-beside-the-caches.md for why these are plain statements.
"""

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, inspect, select, text

from aspromised.schema import ledger
from aspromised.schema import table as schema
from aspromised.words.problems import AsPromisedError

_META = MetaData()

_TYPES: dict[str, type[Integer] | type[Text]] = {"integer": Integer, "text": Text}


def _table(declared: schema.TableSchema) -> Table:
    columns = [
        Column(
            each.name,
            _TYPES[each.type],
            primary_key=each.name == "id",
            autoincrement=False,
            nullable=each.nullable,
        )
        for each in declared.columns
    ]
    return Table(declared.name, _META, *columns)


EVENT, VERSION = _table(ledger.EVENT), _table(ledger.LEDGER_VERSION)

_EVENTS = """
create table event (
    id integer primary key,
    at text not null,
    who text not null,
    kind text not null,
    subject text not null,
    body text not null,
    previous text not null,
    hash text not null
)
"""
_INDEX = "create index event_by_subject on event (kind, subject)"

_SQLITE_GUARDS = [
    "create trigger event_never_changes before update on event"
    " begin select raise(abort, 'the ledger is append-only'); end",
    "create trigger event_never_goes before delete on event"
    " begin select raise(abort, 'the ledger is append-only'); end",
    """
    create trigger event_follows before insert on event
    when new.id is not coalesce((select max(id) from event), 0) + 1
        or new.previous is not coalesce((select hash from event order by id desc limit 1), printf('%064d', 0))
    begin select raise(abort, 'an event must follow the last one'); end
    """,
]
_POSTGRES_GUARDS = [
    """
    create function event_refused() returns trigger language plpgsql as
    $$ begin raise exception 'the ledger is append-only'; end $$
    """,
    "create trigger event_never_changes before update or delete on event for each row execute function event_refused()",
    "create trigger event_never_goes before truncate on event for each statement execute function event_refused()",
    """
    create function event_follows() returns trigger language plpgsql as $$
    begin
        if new.id is distinct from coalesce((select max(id) from event), 0) + 1
            or new.previous is distinct from coalesce((select hash from event order by id desc limit 1), repeat('0', 64))
        then raise exception 'an event must follow the last one';
        end if;
        return new;
    end $$
    """,
    "create trigger event_follows before insert on event for each row execute function event_follows()",
]

MIGRATIONS: list[dict[str, list[str]]] = [
    {"sqlite": [_EVENTS, _INDEX, *_SQLITE_GUARDS], "postgresql": [_EVENTS, _INDEX, *_POSTGRES_GUARDS]}
]
"""What brings a ledger from version n to n + 1, by the database's kind. Add at the end; never edit."""


def version_of(con: Connection) -> int:
    """Return how many migrations a database has seen; 0 where it holds no ledger."""
    if not inspect(con).has_table(VERSION.name):
        return 0
    return int(con.execute(select(VERSION.c.version)).scalar_one())


def migrate(con: Connection) -> None:
    """Bring a ledger to the newest version, inside the transaction of `con`, which no one else may be in."""
    version = version_of(con)
    if version > len(MIGRATIONS):
        raise AsPromisedError(
            f"the ledger was written by a newer AsPromised (version {version}, this one knows {len(MIGRATIONS)}): update first"
        )
    if version == len(MIGRATIONS):
        return
    if version == 0:
        con.execute(text("create table ledger_version (version integer not null)"))
        con.execute(VERSION.insert().values(version=0))
    for statements in MIGRATIONS[version:]:
        for statement in statements[con.dialect.name]:
            con.exec_driver_sql(statement)
    con.execute(VERSION.update().values(version=len(MIGRATIONS)))
