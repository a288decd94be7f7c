"""What a PostgreSQL server says, as a problem that tells how to mend it."""

import re

from aspromised.store.formats.raw import SourceProblem
from aspromised.store.postgres.address import Address
from aspromised.words.lengths import Length

_SAID = re.compile(r"(?:^|\s)[^\s:]{2,20}: {2}(\S.*)")
"""How the server heads what it says, in any language: a word, a colon, two blanks."""

_NOT_REACHED = {
    "password authentication failed": "the password or the user is not the right one: set {variable} anew",
    "no password supplied": "it asks for a password, and there is none in {variable}: set it anew",
    "could not translate host name": "there is no such host: check the host in {variable}, and the network",
    "connection refused": "nothing answers there: check that the server runs, and the host and port in {variable}",
    "timeout expired": "nothing answers there in time: check the host and port in {variable}, and the firewall",
    "timed out": "nothing answers there in time: check the host and port in {variable}, and the firewall",
}
_CHANGES = ("25006", "data-modifying", "read-only")
_ONE_QUERY = "write one query that only reads: a select"


def not_reached(address: Address, said: str) -> SourceProblem:
    """Return the problem of a database that cannot be reached."""
    low = said.lower()
    mend = next((mend for words, mend in _NOT_REACHED.items() if words in low), None)
    if mend is None:
        mend = f"{address.censored(_server(said))}: check {{variable}}"
    return SourceProblem(f"{address}: {mend.format(variable=address.variable)}")


def not_run(address: Address, said: str, limit: Length, *, ran_out: bool) -> SourceProblem:
    """Return the problem of a query that was refused, failed or took too long."""
    if ran_out or "statement timeout" in said:
        mend = (
            f"the query took longer than {limit}: make it lighter, or give the connection a longer `time_out`"
        )
    elif any(words in said for words in _CHANGES):
        mend = f"the query would change data: {_ONE_QUERY}"
    elif "multiple commands" in said or 'near ";"' in said:
        mend = f"the query is several: {_ONE_QUERY}"
    else:
        mend = f"the query does not run: {address.censored(_server(said))}"
    return SourceProblem(f"{address}: {mend}")


def _server(said: str) -> str:
    """Return the server's own words with its hint, without the query it repeats.

    >>> _server('NOT_FOUND: Failed to prepare query: ERROR:  no column "a"\\nLINE 2: a\\nHINT:  Perhaps "b".\\n')
    'no column "a" (Perhaps "b".)'
    """
    found: list[str] = _SAID.findall(said.partition("Query was:")[0])
    if not found:
        return said.strip().partition("\n")[0].rpartition("[libpq] ")[2]
    return found[0].strip() + "".join(f" ({more.strip()})" for more in found[1:2])
