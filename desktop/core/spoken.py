"""How recognised speech becomes what a hand would have typed: marks that were said, own words, the right space.

What the recogniser wrote stands wherever no rule speaks: numbers, names and its own punctuation are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from desktop.core.doubts import BOILERPLATE, ECHO, NO_SPEECH
from desktop.core.replacements import Replacement
from desktop.core.spoken_words import SPEECH, Mark, Order, Speech
from desktop.core.transcript import Segment
from desktop.core.words import is_spaceless

NOT_SAID = frozenset({BOILERPLATE, ECHO, NO_SPEECH})
"""Doubts that keep a text out of other programs: made up over silence, or handed back from the hint."""

_WEAK = ",;:.…–-"
_SENTENCE_ENDS = ".!?…"
_CLOSERS = ")]}\"'”’»›“"
_OPENERS = "([{“‘«‹„¿¡#@/\\-_"
_STRAIGHT = "\"'"
"""Quotes that open after a space and close after a letter."""
_TOKEN = re.compile(
    r"""(?P<space>\s*)(?P<lead>[(\[{"'“‘„«‹¿¡]*)(?P<core>\S*?)(?P<trail>[\s]?[,.;:!?…)\]}"'”’»›“]*)(?=\s|$)"""
)


@dataclass(frozen=True, slots=True)
class Tidying:
    """What is done to spoken text. The language is the one that was recognised."""

    language: str = ""
    with_marks: bool = True
    """“Comma” becomes a comma, “new line” a new line."""
    without_fillers: bool = False
    replacements: tuple[Replacement, ...] = ()
    space_after: bool = True
    """What stands around the caret is not known everywhere: a space after it lets the next dictation follow."""


@dataclass(frozen=True, slots=True)
class Around:
    """The text at the caret of a program, or on both sides of what is selected there: some letters of each."""

    before: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Token:
    """A word with the marks around it."""

    space: str
    lead: str
    core: str
    trail: str

    @property
    def key(self) -> str:
        return self.core.casefold().replace("’", "'")


def said(segments: Iterable[Segment]) -> str:
    """The text of a take, without what nobody said."""
    return "".join(one.text for one in segments if one.suspect not in NOT_SAID).strip()


def tidied(text: str, wanted: Tidying, around: Around | None = None) -> str:
    """The text as it is inserted; empty if there is none. `around`: what stands at the caret, None if unknown."""
    speech = SPEECH.get(wanted.language)
    writer = _Writer(speech)
    tokens = _tokens(text)
    phrases = _phrases(wanted, speech)
    longest = max((phrase.count(" ") + 1 for phrase in phrases), default=0)
    at = 0
    while at < len(tokens):
        found = _match(tokens, at, phrases, longest)
        if found is None:
            at += _plain(writer, tokens, at, wanted, speech)
            continue
        length, meaning = found
        if isinstance(meaning, Replacement):
            writer.replace(tokens[at : at + length], meaning)
        elif speech is None or _means_the_thing(tokens, at, length, speech):
            for token in tokens[at : at + length]:
                writer.word(token)
        elif meaning is Order.LITERAL:
            length += _literal(writer, tokens, at, phrases, longest)
        elif isinstance(meaning, Order):
            writer.obey(meaning)
        else:
            writer.mark(meaning, tokens[at], tokens[at + length - 1].trail)
        at += length
    return _fitted(writer.text, around, speech, wanted.space_after)


def _tokens(text: str) -> list[_Token]:
    found = [_Token(*match.group("space", "lead", "core", "trail")) for match in _TOKEN.finditer(text.strip())]
    return [token for token in found if token.lead or token.core or token.trail]


def _phrases(wanted: Tidying, speech: Speech | None) -> Mapping[str, Mark | Order | Replacement]:
    spoken = speech.spoken if speech and wanted.with_marks else {}
    own = {" ".join(token.key for token in _tokens(one.phrase)): one for one in wanted.replacements}
    return {**spoken, **own}


def _match(
    tokens: Sequence[_Token], at: int, phrases: Mapping[str, Mark | Order | Replacement], longest: int
) -> tuple[int, Mark | Order | Replacement] | None:
    """The longest phrase that begins here, and how many words it has. Marks between its words part it."""
    best = None
    words: list[str] = []
    for length, token in enumerate(tokens[at : at + longest], 1):
        words.append(token.key)
        phrase = " ".join(words)
        if token.core and phrase in phrases:
            best = length, phrases[phrase]
        if token.trail or (length > 1 and token.lead):
            break
    return best


def _means_the_thing(tokens: Sequence[_Token], at: int, length: int, speech: Speech) -> bool:
    """Whether the name of a mark is a word of the sentence: “a period of time”."""
    before = tokens[at - 1] if at else None
    after = tokens[at + length] if at + length < len(tokens) else None
    is_alone = tokens[at + length - 1].trail or tokens[at].lead
    if before and not before.trail and before.key in speech.before_a_noun:
        return True
    if not after or is_alone:
        return False
    return after.key in speech.after_a_noun or after.core[:1].isdecimal()


def _literal(
    writer: _Writer, tokens: Sequence[_Token], at: int, phrases: Mapping[str, Mark | Order | Replacement], longest: int
) -> int:
    """“Literal comma” writes the word. How many words follow the first; it is a plain word where no phrase does."""
    found = _match(tokens, at + 1, phrases, longest)
    if found is None or isinstance(found[1], Replacement) or tokens[at].trail:
        writer.word(tokens[at])
        return 0
    first, *rest = tokens[at + 1 : at + 1 + found[0]]
    writer.word(_Token(tokens[at].space, tokens[at].lead + first.lead, first.core, first.trail))
    for token in rest:
        writer.word(token)
    return found[0]


def _plain(writer: _Writer, tokens: Sequence[_Token], at: int, wanted: Tidying, speech: Speech | None) -> int:
    token = tokens[at]
    if wanted.without_fillers and speech and token.key in speech.fillers and "?" not in token.trail:
        writer.filler(token)
    else:
        writer.word(token)
    return 1


class _Writer:
    """Puts one word after the other, with the space and the capital that belong there."""

    def __init__(self, speech: Speech | None) -> None:
        self.text = ""
        self._small_words = speech.small_words if speech else frozenset[str]()
        self._holds = True
        self._named = False
        """The last thing was a mark that was named: it is meant."""
        self._case = ""
        """How the next word begins: “large”, “small” (only words that are no names), “upper”, or as it comes."""

    def word(self, token: _Token) -> None:
        """A word as it was recognised."""
        core = self._cased(token.core, token.key) if token.core else ""
        self.text += ("" if self._holds else token.space) + token.lead + core + token.trail
        self._holds = self._named = False

    def replace(self, tokens: Sequence[_Token], one: Replacement) -> None:
        """The user's own way of writing. It begins large where the recogniser began a sentence with it."""
        first, last = tokens[0], tokens[-1]
        written = one.written
        begins = first.core[:1].isupper() and not one.heard[:1].isupper() and bool(one.heard)
        if (begins or self._case == "large") and written.islower():
            written = _large(written)
        self._case = ""
        self.text += ("" if self._holds else first.space) + first.lead + written + last.trail
        self._holds = self._named = False

    def mark(self, mark: Mark, first: _Token, trail: str) -> None:
        """A mark that was named. What the recogniser wrote around its name goes: it heard a pause there."""
        self.text = self.text.rstrip(" ")
        if not self._named:
            self.text = self.text.rstrip(_goes_before(mark)).rstrip(" \N{NO-BREAK SPACE}")
        if first.core[:1].isupper() and self.text[-1:] in ("", *_SENTENCE_ENDS, "\n"):
            self._case = "large"  # the sentence begins here, though its first word was the name of a mark
        stands_free = mark.holds_before or self._holds or not self.text
        stays = "".join(one for one in trail if one in _CLOSERS or (mark.is_part and one in _SENTENCE_ENDS))
        self.text += ("" if stands_free else " ") + first.lead + mark.text + stays
        self._holds, self._named = mark.holds_after and not stays, True
        if not mark.ends and self._case == "large" and mark.holds_after:
            return
        began_anew = bool(set(trail) & set(_SENTENCE_ENDS)) and not stays
        self._case = "large" if mark.ends else "small" if began_anew else ""

    def obey(self, order: Order) -> None:
        """Something to be done."""
        if order is Order.UPPER:
            self._case = "upper"
            return
        rest = self.text.rstrip(" ").rstrip(_WEAK + "!?" + _CLOSERS).rstrip("\n")
        end = max(rest.rfind(one) for one in (". ", "! ", "? ", "… ", "\n"))
        self.text = rest[: end + 1]
        self._holds, self._named = not self.text or self.text.endswith("\n"), False
        self._case = "large"

    def filler(self, token: _Token) -> None:
        """A word that says nothing: it goes with its comma, and leaves the end of its sentence."""
        ends = "".join(one for one in token.trail if one in _SENTENCE_ENDS)
        if ends and self.text and self.text[-1] not in _SENTENCE_ENDS + "\n":
            self.text = self.text.rstrip(" ,;") + ends
        if token.core[:1].isupper():
            self._case = "large"

    def _cased(self, core: str, key: str) -> str:
        case, self._case = self._case, ""
        if case == "upper":
            return core.upper()
        if case == "large":
            return _large(core)
        return _small(core, key, self._small_words) if case == "small" else core


def _goes_before(mark: Mark) -> str:
    if mark.is_break:
        return " ,;–-"
    return _WEAK + "!?" if mark.holds_before and not mark.is_part else ",;–-"


def _large(text: str) -> str:
    return text[:1].upper() + text[1:] if text[:1].islower() and text[:2].islower() else text


def _small(text: str, key: str, small_words: frozenset[str]) -> str:
    """The word begun small, if it is surely no name."""
    return text[:1].lower() + text[1:] if key in small_words else text


def _fitted(text: str, around: Around | None, speech: Speech | None, space_after: bool) -> str:
    """The text with the first letter and the spaces that fit where it goes."""
    if not text.strip():
        return text if "\n" in text else ""
    after = " " if _wants_space_after(text, around.after if around else "", space_after) else ""
    return (text if around is None else _fitted_after(around.before, text, speech)) + after


def _wants_space_after(text: str, after: str, is_usual: bool) -> bool:
    if text.endswith("\n") or is_spaceless(text.rstrip(_SENTENCE_ENDS + _CLOSERS)[-1:] or " "):
        return False
    return after[0].isalnum() or after[0] in _OPENERS if after else is_usual


def _fitted_after(before: str, text: str, speech: Speech | None) -> str:
    tail = before.rstrip(" \t\N{NO-BREAK SPACE}")
    key = text.split(maxsplit=1)[0].rstrip(_WEAK + "!?").casefold() if text.split() else ""
    if not tail or tail[-1] == "\n" or tail.rstrip(_CLOSERS).endswith(tuple(_SENTENCE_ENDS)):
        text = _large(text)
    elif speech and text[:1].isupper():
        text = _small(text, key, speech.small_words)
    follows_closely = (
        not before
        or before[-1].isspace()
        or before[-1] in _OPENERS
        or (before[-1] in _STRAIGHT and (before[:-1] + " ")[-2:].isspace())
        or text[:1] in f"\n{_WEAK}!?)]}}”»’"
        or is_spaceless(before[-1])
        or is_spaceless(text[:1])
    )
    return text if follows_closely else f" {text}"
