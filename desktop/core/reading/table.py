"""Our own CSV and TSV, and tables of others with the same columns."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from desktop.core.formats.table import as_typed
from desktop.core.i18n import mark
from desktop.core.reading.notes import Notes, NotRead
from desktop.core.transcript import Segment, Transcript

NAME = "csv"

BAD_ROW = mark("the row has no times that can be read; its text was kept with the row before it: {detail}")

_NEEDED = {"start_ms", "end_ms", "text"}


def looks_like(text: str, _name: str) -> bool:
    """Whether the first row names the columns that are needed."""
    return set(_columns(text)) >= _NEEDED


def read(text: str, notes: Notes) -> Transcript:
    """The rows, each a segment of its own. Raises NotRead."""
    columns = _columns(text)
    found: list[Segment] = []
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=_between(text))
    try:
        for row in rows:
            cells = dict(zip(columns, row, strict=False))
            if rows.line_num == 1 or not any(map(str.strip, row)):
                continue
            said = as_typed(cells.get("text", ""))
            try:
                start_ms, end_ms = int(cells["start_ms"]), int(cells["end_ms"])
            except (LookupError, ValueError):
                said = said if said.strip() else " ".join(filter(str.strip, row))
                notes.add(rows.line_num, BAD_ROW, said[:80])
                if found:
                    found[-1] = replace(found[-1], text=f"{found[-1].text}\n{said}")
                else:
                    found.append(Segment(0, 0, said, is_pinned=True))
                continue
            if not said.strip():
                continue
            speaker, start_ms = as_typed(cells.get("speaker", "")), max(0, start_ms)
            found.append(Segment(start_ms, max(start_ms, end_ms), said, speaker=speaker, is_pinned=True))
    except csv.Error as error:
        raise NotRead(f"line {rows.line_num}: {error}") from error
    return Transcript(tuple(sorted(found, key=lambda one: one.start_ms)))


def _between(text: str) -> str:
    return "\t" if "\t" in text.partition("\n")[0] else ","


def _columns(text: str) -> list[str]:
    first = text.removeprefix("\ufeff").partition("\n")[0].strip()[:1000]
    return [name.strip(' "').lower() for name in first.split(_between(text))]
