"""The user's own words and replacements: what is heard, and what is written instead. A table that travels as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from desktop.core.errors import ReplacementsUnreadable
from desktop.core.i18n import _

COLUMNS = ("heard", "written")
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Replacement:
    """Written for every `heard`, whole words in any case. Without `heard` it is a word that is spelt like this."""

    heard: str
    written: str

    @property
    def phrase(self) -> str:
        """What has to be heard."""
        return self.heard or self.written


def write_replacements(table: Iterable[Replacement]) -> str:
    """The table as CSV, with a byte order mark for Excel."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows((one.heard, one.written) for one in table)
    return BYTE_ORDER_MARK + out.getvalue()


def read_replacements(text: str, name: str) -> tuple[Replacement, ...]:
    """A table that `write_replacements` or a spreadsheet wrote, with commas, semicolons or tabs.

    A row of one cell is a word of one's own. The later of two rows for the same phrase counts. `name` is that of the
    file, for the sentence of ReplacementsUnreadable.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    found: dict[str, Replacement] = {}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            row = [cell.strip(" ") for cell in cells]
            if not any(row) or (number == 1 and tuple(cell.casefold() for cell in row) == COLUMNS):
                continue
            one = _replacement(row, name, number)
            found.pop(one.phrase.casefold(), None)
            found[one.phrase.casefold()] = one
    except csv.Error as error:
        raise ReplacementsUnreadable(
            name=name, reason=_("row {row}: {detail}").format(row=reader.line_num, detail=str(error))
        ) from error
    return tuple(found.values())


def _replacement(row: list[str], name: str, number: int) -> Replacement:
    if len(row) > len(COLUMNS):
        reason = _("row {row} has {count} columns").format(row=number, count=len(row))
        raise ReplacementsUnreadable(name=name, reason=reason)
    heard, written = row if len(row) == len(COLUMNS) else ("", row[0])
    if not any(one.isalnum() for one in heard or written):
        reason = _("row {row} has no word to be heard").format(row=number)
        raise ReplacementsUnreadable(name=name, reason=reason)
    return Replacement(heard, written)


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)
