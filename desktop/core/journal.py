"""Edits as text, for the library: written when they are made, read again after a restart."""

from __future__ import annotations

import json
from typing import Any

from desktop.core.document import Edit, Splice
from desktop.core.formats.json import dumped, segment_of, segment_record


def edit_record(edit: Edit) -> str:
    """The edit as JSON."""
    record = {
        "label": edit.label,
        "typing": edit.typing,
        "splices": [
            [one.at, [segment_record(it) for it in one.removed], [segment_record(it) for it in one.inserted]]
            for one in edit.splices
        ],
    }
    return dumped(record)


def edit_of(text: str) -> Edit:
    """The edit that `edit_record` wrote."""
    record: dict[str, Any] = json.loads(text)
    splices = tuple(
        Splice(at, tuple(map(segment_of, removed)), tuple(map(segment_of, inserted)))
        for at, removed, inserted in record["splices"]
    )
    return Edit(record["label"], splices, record["typing"])
