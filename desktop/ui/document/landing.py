"""Where the caret lands after an edit: where a person who has just done it, or undone it, would look."""

from __future__ import annotations

from desktop.core.document import Edit, Splice
from desktop.core.editing import joined
from desktop.ui.document.places import changed_part

Place = tuple[int, int]
"""A segment and a place in its text."""


def landing(edit: Edit, caret: Place) -> Place | None:
    """The place after the edit, or None if the caret stays in its segment, where it is."""
    if all(len(splice.removed) == len(splice.inserted) == 1 for splice in edit.splices):
        return _in_changed_text(edit, caret)
    splice = min(edit.splices, key=_at)
    match len(splice.removed), len(splice.inserted):
        case 1, 2:
            return splice.at + 1, 0
        case count, 1 if count > 1:
            return splice.at, _seam(splice, caret)
        case _:
            return splice.at, 0


def _in_changed_text(edit: Edit, caret: Place) -> Place | None:
    """The end of what is different; in the segment of the caret if that is one of several."""
    changed = [splice for splice in edit.splices if splice.removed[0].text != splice.inserted[0].text]
    if not changed:
        return None
    own = next((splice for splice in changed if splice.at == caret[0]), min(changed, key=_at))
    return own.at, changed_part(own.removed[0].text, own.inserted[0].text)[2]


def _seam(splice: Splice, caret: Place) -> int:
    """The place of the caret in the text of several segments in one; else where the first of them ended."""
    number = caret[0] - splice.at
    if not 0 <= number < len(splice.removed):
        return len(joined(splice.removed[:1]).text)
    own = splice.removed[number].text
    spaces = len(own) - len(own.lstrip())
    before = len(joined(splice.removed[: number + 1]).text) - len(own.strip())
    return before + min(max(0, caret[1] - spaces), len(own.strip()))


def _at(splice: Splice) -> int:
    return splice.at
