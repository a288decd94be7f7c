"""Writes a one-sheet .xlsx, as a branch office might send it: text, numbers, booleans, dates."""

import zipfile
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd

from aspromised.demo.wall import ZONE

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PARTS = {
    "[Content_Types].xml": _TYPES,
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>',
}
_MADE = (2026, 1, 1, 0, 0, 0)
_DAY_ZERO = datetime(1899, 12, 30)


def write_xlsx(table: pd.DataFrame, path: Path) -> Path:
    """Write `table`; instants become local date cells without a zone, as spreadsheets hold them."""
    columns = [_cells(table[name]) for name in table.columns]
    header = "".join(_text(str(name)) for name in table.columns)
    rows = "".join(f"<row>{''.join(cells)}</row>" for cells in zip(*columns, strict=True))
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData><row>{header}</row>{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w") as book:
        for name, part in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            entry = zipfile.ZipInfo(name, date_time=_MADE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            book.writestr(entry, part)
    return path


def _cells(column: pd.Series) -> list[str]:
    if pd.api.types.is_datetime64_any_dtype(column):
        local = column.dt.tz_convert(ZONE).dt.tz_localize(None) if column.dt.tz is not None else column
        serial = (local - _DAY_ZERO) / pd.Timedelta(days=1)
        return [_date(value) for value in serial]
    missing = column.isna().tolist()
    if pd.api.types.is_bool_dtype(column):
        return [
            "<c/>" if gone else f'<c t="b"><v>{int(v)}</v></c>'
            for v, gone in zip(column, missing, strict=True)
        ]
    if pd.api.types.is_numeric_dtype(column):
        return ["<c/>" if gone else f"<c><v>{v}</v></c>" for v, gone in zip(column, missing, strict=True)]
    return ["<c/>" if gone else _text(str(v)) for v, gone in zip(column, missing, strict=True)]


def _date(serial: float) -> str:
    return "<c/>" if serial != serial else f'<c s="1"><v>{serial!r}</v></c>'


def _text(value: str) -> str:
    kept = ' xml:space="preserve"' if value != value.strip() else ""
    return f'<c t="inlineStr"><is><t{kept}>{escape(value)}</t></is></c>'
