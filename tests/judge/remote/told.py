"""`python -m tests.judge.remote.told WORDS…`: the command, which says "asking N" on stdout before each question that Spark answers with rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from aspromised.cli import main
from aspromised.sql.on_spark.session import Spark

_NUMBERS = count(1)
_ASKING = Spark._asking


@contextmanager
def _told(spark: Spark) -> Iterator[None]:
    print(f"asking {next(_NUMBERS)}", flush=True)
    with _ASKING(spark):
        yield


if __name__ == "__main__":
    Spark._asking = _told  # type: ignore[method-assign]
    main()
