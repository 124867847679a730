"""A transcript that a person works on: what was heard, every edit since, and the way back to the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.core.coverage import Coverage, checked
from desktop.core.transcript import Segment, Transcript


@dataclass(frozen=True, slots=True)
class Splice:
    """Some neighbouring segments in place of others, from position `at` on."""

    at: int
    removed: tuple[Segment, ...]
    inserted: tuple[Segment, ...]

    def applied(self, segments: list[Segment]) -> None:
        """Change the list."""
        segments[self.at : self.at + len(self.removed)] = self.inserted

    @property
    def inverse(self) -> Splice:
        """What takes it back."""
        return Splice(self.at, self.inserted, self.removed)


@dataclass(frozen=True, slots=True)
class Edit:
    """One step that a person sees as one: undone and redone whole.

    The splices hold one after the other: each counts its position in what those before it have left.
    """

    label: str
    """What was done, a marked sentence: “Split”."""
    splices: tuple[Splice, ...]
    typing: bool = False
    """Whether more typing in the same segment belongs to the same step."""

    @property
    def inverse(self) -> Edit:
        """What takes it back."""
        return Edit(self.label, tuple(splice.inverse for splice in reversed(self.splices)))

    def __bool__(self) -> bool:
        return any(splice.removed != splice.inserted for splice in self.splices)

    def followed_by(self, other: Edit) -> Edit | None:
        """Both as one step if the other goes on with the typing of this one in the same segment."""
        if not (self.typing and other.typing and len(self.splices) == len(other.splices) == 1):
            return None
        mine, theirs = self.splices[0], other.splices[0]
        if mine.at != theirs.at or mine.inserted != theirs.removed:
            return None
        return replace(self, splices=(Splice(mine.at, mine.removed, theirs.inserted),))


@dataclass(frozen=True)
class Document:
    """What was heard, the edits in their order, how many of them hold, and the transcript that they make.

    Those beyond `done` were undone and can be redone until something else is done.
    """

    original: Transcript
    edits: tuple[Edit, ...]
    done: int
    current: Transcript

    @staticmethod
    def of(original: Transcript, edits: Sequence[Edit] = (), done: int | None = None) -> Document:
        """The document after the first `done` edits; all of them if not said."""
        done = len(edits) if done is None else min(done, len(edits))
        segments = list(original.segments)
        for edit in edits[:done]:
            for splice in edit.splices:
                splice.applied(segments)
        return Document(original, tuple(edits), done, _made(original, segments))

    def fits(self, edit: Edit) -> bool:
        """Whether the edit was made for the present text: what it takes away is there."""
        segments = list(self.current.segments) if len(edit.splices) > 1 else self.current.segments
        for splice in edit.splices:
            if tuple(segments[splice.at : splice.at + len(splice.removed)]) != splice.removed:
                return False
            if isinstance(segments, list):
                splice.applied(segments)
        return True

    def did(self, edit: Edit) -> Document:
        """The document after one more edit. Typing goes on in the last step if that was typing in the same place."""
        kept = self.edits[: self.done]
        joined = kept[-1].followed_by(edit) if kept else None
        edits = (*kept[:-1], joined) if joined else (*kept, edit)
        return Document(self.original, edits, len(edits), self._after(edit))

    @property
    def undo_step(self) -> Edit | None:
        """What undoing does to the present text; none at the beginning."""
        return self.edits[self.done - 1].inverse if self.done else None

    @property
    def redo_step(self) -> Edit | None:
        """What redoing does to the present text; none if nothing was undone."""
        return self.edits[self.done] if self.done < len(self.edits) else None

    def undone(self) -> Document:
        """Without the last edit that holds."""
        step = self.undo_step
        return Document(self.original, self.edits, self.done - 1, self._after(step)) if step else self

    def redone(self) -> Document:
        """With the edit again that was undone last."""
        step = self.redo_step
        return Document(self.original, self.edits, self.done + 1, self._after(step)) if step else self

    def heard(self, segments: Sequence[Segment], coverage: Coverage) -> Document:
        """With what has just been heard at the end of the sound, whose map is now `coverage`, without any edits."""
        original = replace(self.original, segments=(*self.original.segments, *segments), coverage=coverage)
        return Document(original, self.edits, self.done, _made(original, [*self.current.segments, *segments]))

    def closed(self) -> Document:
        """The same; what is typed from here on is a step of its own."""
        if not self.done or not self.edits[self.done - 1].typing:
            return self
        last = replace(self.edits[self.done - 1], typing=False)
        return replace(self, edits=(*self.edits[: self.done - 1], last, *self.edits[self.done :]))

    def _after(self, edit: Edit) -> Transcript:
        segments = list(self.current.segments)
        for splice in edit.splices:
            splice.applied(segments)
        return _made(self.original, segments)


def _made(original: Transcript, segments: Sequence[Segment]) -> Transcript:
    return replace(original, segments=tuple(segments), coverage=checked(original.coverage, original.segments, segments))
