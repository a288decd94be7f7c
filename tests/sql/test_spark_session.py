"""What a session makes of the ways in which Spark's client fails."""

import pytest

from aspromised.sql.on_spark.session import Spark, SparkError


class Client:
    """A client of Spark's that fails as the real one does."""

    def __init__(self, said: str, is_broken_off: bool = False) -> None:
        self.said, self.is_broken_off, self.interrupted = said, is_broken_off, 0

    def sql(self, query: str) -> "Client":
        """Return itself, to be asked."""
        return self

    def collect(self) -> list[int]:
        """Return that it is there."""
        return [1]

    def toArrow(self) -> None:  # noqa: N802
        """Fail; where it is broken off, with how its job failed then."""
        try:
            if self.is_broken_off:
                raise KeyboardInterrupt
        finally:
            raise RuntimeError(self.said)

    def interruptAll(self) -> None:  # noqa: N802
        """Count how often it is broken off."""
        self.interrupted += 1


def test_ctrl_c_is_ctrl_c_whatever_the_client_tells_after_it() -> None:
    client = Client("Job 4 cancelled as part of cancellation of all jobs", is_broken_off=True)
    with pytest.raises(KeyboardInterrupt):
        Spark(client, "sc://nowhere:1", 60).rows("select 1")
    assert client.interrupted == 1


def test_of_javas_causes_the_first_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aspromised.sql.on_spark.session._call", lambda shown: None)
    told = "An error occurred while calling o1.getResult.\n: a\n\tat b\nCaused by: c: aborted\nCaused by: d: no such file\n\tat e"
    with pytest.raises(SparkError) as raised:
        Spark(Client(told), "spark://nowhere:1", 60).rows("select 1")
    assert str(raised.value) == "d: no such file"
