"""What is shown of speech that still goes on: words that two previews agree upon stand, the rest may change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.core.doubts import plain_words
from desktop.core.words import is_spaceless, pieces


@dataclass(frozen=True, slots=True)
class Draft:
    """The words of something that is being said, each with the space before it.

    However the previews turn out, `standing` only ever grows: what a reader has read does not change under the eyes,
    until the sentence is heard as a whole and its text takes the place of all this.
    """

    standing: tuple[str, ...] = ()
    open: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All words."""
        return "".join((*self.standing, *self.open))

    @property
    def stable(self) -> int:
        """How many characters of the text stand."""
        return len("".join(self.standing))

    def heard(self, text: str) -> Draft:
        """The draft after the same speech, and a little more of it, was heard as `text`.

        The last word of a preview may be cut off or lack what follows: it never stands.
        """
        words = pieces(text.strip())
        rest = words[_end_of(self.standing, words) :]
        if rest and self.standing and not rest[0][0].isspace() and not is_spaceless(rest[0][0]):
            rest[0] = f" {rest[0]}"
        most = max(0, min(len(rest), len(self.open)) - 1)
        agreed = next((at for at in range(most) if _key(rest[at]) != _key(self.open[at])), most)
        return Draft((*self.standing, *rest[:agreed]), tuple(rest[agreed:]))


def _end_of(standing: Sequence[str], words: Sequence[str]) -> int:
    """How many of the words say what stands, however differently: the number with the least to correct."""
    keys = [_key(word) for word in words]
    costs = list(range(len(keys) + 1))  # of the first words of `standing` against each beginning of `keys`
    for word in map(_key, standing):
        before, costs[0] = costs[0], costs[0] + 1
        for at, key in enumerate(keys, 1):
            before, costs[at] = costs[at], min(before + (word != key), costs[at] + 1, costs[at - 1] + 1)
    return min(range(len(costs)), key=lambda at: (costs[at], abs(at - len(standing))))


def _key(word: str) -> str:
    """What stays the same when case or punctuation changes."""
    return " ".join(plain_words(word)) or word.strip()
