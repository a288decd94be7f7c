"""A shop of ten orders, few enough to judge by eye.

As of the end of 9 January, order by order (due at the end of the next day; promised from 5 January on):

    1 not promised · 2 kept · 3 broken · 4 kept · 5 kept, no region · 6 broken (not done), no region
    7 exempt (moved) · 8 exempt (cancelled) · 9 open · 10 unknown (delivered before it was ordered)
"""

from pathlib import Path

MOMENT = "2026-01-09"

COMPANY = """company:
  name: Corner Shop
  timezone: Europe/London
"""

PROMISES = """promises:
  next-day:
    claim: Yours tomorrow
    made_by: marketing
    kept_by: dispatch
    target: 95%
    at_least: 5
    measure:
      items: orders
      id: order_id
      started: ordered_at
      done: delivered_at
      cancelled: cancelled_at
      within: 1 calendar day
      exempt: [{when: moved, because: the customer moved it}]
      segments: [region, {weekday: dayname(ordered_at)}]
    versions: [{from: 2026-01-05}]

  right-item:
    claim: The right item
    made_by: marketing
    kept_by: dispatch
    target: 90%
    measure: {items: orders, id: order_id, at: ordered_at, kept_when: not wrong}
"""

SOURCES = """sources:
  orders:
    files: orders.csv
    key: order_id
    columns: {order_id: text, region: text, ordered_at: timestamp, delivered_at: timestamp, cancelled_at: timestamp, moved: boolean, wrong: boolean}
"""

HEADER = "order_id,region,ordered_at,delivered_at,cancelled_at,moved,wrong"
ORDERS = """1,north,2026-01-02 10:00,2026-01-03 10:00,,false,false
2,north,2026-01-05 10:00,2026-01-06 20:00,,false,false
3,north,2026-01-05 11:00,2026-01-07 09:00,,false,true
4,south,2026-01-05 12:00,2026-01-06 12:00,,false,false
5,,2026-01-06 09:00,2026-01-07 09:00,,false,
6,,2026-01-06 09:30,,,false,false
7,south,2026-01-06 10:00,2026-01-09 10:00,,true,false
8,south,2026-01-07 10:00,,2026-01-07 12:00,false,false
9,north,2026-01-09 10:00,,,false,false
10,north,2026-01-08 10:00,2026-01-07 10:00,,false,false
"""

FILES = {
    "promises/company.yaml": COMPANY,
    "promises/promises.yaml": PROMISES,
    "data/sources.yaml": SOURCES,
    "data/orders.csv": f"{HEADER}\n{ORDERS}",
}


def open_shop(root: Path, **changed: str) -> Path:
    """Write the shop under `root` and return it; `changed` holds other texts, by the file's stem."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed.get(path.stem, text), encoding="utf-8")
    return root
