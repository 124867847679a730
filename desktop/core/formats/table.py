"""CSV and TSV: one row a segment, for spreadsheets and statistics.

Quoted as RFC 4180 says; UTF-8 with a byte order mark, without which Excel reads another encoding. A cell that a
spreadsheet would run as a formula (`=`, `+`, `-`, `@` at its beginning, also wide) begins with an apostrophe; so that
nothing is lost, a cell that already has apostrophes before such a character gets one more, and a reader takes one away.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from desktop.core.cues import one_line
from desktop.core.formats.format import Format, WriteOptions, timestamp
from desktop.core.transcript import Transcript

BYTE_ORDER_MARK = "\ufeff"
COLUMNS = ("number", "start", "end", "start_ms", "end_ms", "speaker", "text")

_FORMULA = re.compile("'*[=+\\-@＝＋－＠]")


def write_csv(transcript: Transcript, options: WriteOptions) -> str:
    """The transcript with commas between its cells."""
    return _written(transcript, options, ",")


def write_tsv(transcript: Transcript, options: WriteOptions) -> str:
    """The transcript with tabs between its cells."""
    return _written(transcript, options, "\t")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_typed(cell: str) -> str:
    """The cell that was given to `harmless`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _written(transcript: Transcript, options: WriteOptions, between: str) -> str:
    file = io.StringIO(newline="")
    rows = csv.writer(file, delimiter=between, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    rows.writerows(_rows(transcript, options))
    return BYTE_ORDER_MARK + file.getvalue()


def _rows(transcript: Transcript, options: WriteOptions) -> Iterator[tuple[str | int, ...]]:
    said = (one for one in options.chosen(transcript).segments if one_line(one.text))
    for number, one in enumerate(said, 1):
        start_ms, end_ms = max(0, one.start_ms), max(0, one.end_ms)
        speaker = harmless(one_line(one.speaker)) if options.speakers else ""
        times = (timestamp(start_ms, "."), timestamp(end_ms, "."), start_ms, end_ms)
        yield number, *times, speaker, harmless(one_line(one.text))


CSV = Format("csv", ".csv", "CSV", write_csv)
TSV = Format("tsv", ".tsv", "TSV", write_tsv)
