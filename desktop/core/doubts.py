"""Why a text may not be what was said: the rules by which a stretch of recognised speech is judged."""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desktop.core.i18n import _, mark

UNSURE = "unsure"
REPEATS = "repeats"
TOO_FAST = "too-fast"
BOILERPLATE = "boilerplate"
NO_SPEECH = "no-speech"
ECHO = "echo"
MISSING = "missing"
"""Speech without any text: a doubt about a window, never the mark of a segment."""

REASONS = {
    UNSURE: mark("The engine was not sure of it"),
    REPEATS: mark("It repeats itself"),
    TOO_FAST: mark("More words than anyone can say in that time"),
    BOILERPLATE: mark("A phrase that models make up in silence"),
    NO_SPEECH: mark("No speech was heard here"),
    ECHO: mark("It repeats the words given as a hint"),
}

LEAST_AVG_LOGPROB = -1.0  # this one and the next two: OpenAI's defaults for Whisper
MOST_COMPRESSION = 2.4
MOST_NO_SPEECH = 0.6
MOST_WORDS_A_SECOND = 9.0
MOST_CHARACTERS_A_SECOND = 60.0  # for scripts without spaces, where a word says nothing
LEAST_SPEECH = 0.3
WEAK_SPEECH = 0.75  # mean probability of the speech detector: speech lies above 0.9, music that fools it below
LOOP = 4  # a phrase that comes so often in a row is a loop
LOOP_OF_ONE_WORD = 8  # "no, no, no, no" is speech
LONGEST_LOOP_WORDS = 8
SHORTEST_ECHO_WORDS = 3

# What Whisper models write over silence, as collected in OpenAI's discussion 928 and by several projects; compared in
# lower case and without punctuation or spaces, and only with a whole segment.
_MADE_UP = frozenset(
    "".join(phrase.split())
    for phrase in """
    thank you|thank you very much|thanks for watching|thank you for watching|thank you so much for watching|bye|bye bye
    |you|please subscribe|subtitles by the amara org community|transcript emily beynon|www mooji org
    |untertitel der amara org community|untertitel von stephanie geiges|vielen dank|vielen dank fürs zuschauen
    |untertitel im auftrag des zdf 2020|untertitel im auftrag des zdf für funk 2017|copyright wdr 2019
    |copyright wdr 2020|copyright wdr 2021|swr 2020|swr 2021
    |sous titres réalisés par la communauté d amara org|sous titrage st 501
    |sous titrage société radio canada|merci d avoir regardé cette vidéo|sous titreur com
    |subtítulos realizados por la comunidad de amara org|gracias por ver el vídeo|gracias por ver el video
    |sottotitoli creati dalla comunità amara org|sottotitoli e revisione a cura di qtss
    |ondertiteld door de amara org gemeenschap|ご視聴ありがとうございました|字幕由amara org社區提供
    |請不吝點贊訂閱轉發打賞支持明鏡與點點欄目|продолжение следует|субтитры создавал dimatorzok
    """.split("|")
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for or against a text: the model's own figures, and what the speech detector heard there."""

    text: str
    room_ms: int
    """From the end of the text before to the start of the one after."""
    avg_logprob: float = 0.0
    no_speech_prob: float = 0.0
    speech: float = 1.0
    """How much of that sound is speech, 0 to 1."""
    clearness: float = 1.0
    """Mean probability that it is speech where the detector says so."""
    hint: str = ""
    """Prompt and hotwords that the model was given."""


def doubt(given: Evidence) -> str:
    """The strongest reason to doubt the text; empty when there is none. Never MISSING for a text that is not empty."""
    words = plain_words(given.text)
    if not words:
        return MISSING if given.speech > 0 else ""
    seconds = given.room_ms / 1000
    is_unsure = given.avg_logprob < LEAST_AVG_LOGPROB
    is_silent = given.no_speech_prob > MOST_NO_SPEECH
    is_too_fast = (
        len(words) > 2 + MOST_WORDS_A_SECOND * seconds or len(given.text) > 10 + MOST_CHARACTERS_A_SECOND * seconds
    )
    reasons = {
        REPEATS: is_loop(given.text),
        TOO_FAST: is_too_fast,
        NO_SPEECH: given.speech < LEAST_SPEECH or given.clearness < WEAK_SPEECH or (is_unsure and is_silent),
        BOILERPLATE: "".join(words) in _MADE_UP and (is_unsure or is_silent),
        ECHO: is_echo(words, plain_words(given.hint)) and (is_unsure or is_silent),
        UNSURE: is_unsure,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def said(reason: str) -> str:
    """The reason as a person reads it."""
    return _(REASONS.get(reason, REASONS[UNSURE]))


def compression(text: str) -> float:
    """How many times smaller zlib makes the text; prose stays below 2.4 (OpenAI's measure of repetition)."""
    raw = text.strip().encode("utf-8", "replace")
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0


def is_loop(text: str) -> bool:
    """Whether the text goes round in circles."""
    return loops(plain_words(text)) or _repetition(text) > MOST_COMPRESSION


def loops(words: Sequence[str]) -> bool:
    """Whether a word or a phrase comes so often in a row that nobody says it like that."""
    for length in range(1, LONGEST_LOOP_WORDS + 1):
        times = LOOP_OF_ONE_WORD if length == 1 else LOOP
        same = 0
        for at in range(length, len(words)):
            same = same + 1 if words[at] == words[at - length] else 0
            is_phrase = length == 1 or len(set(words[at - length + 1 : at + 1])) > 1
            if is_phrase and same >= length * (times - 1):
                return True
    return False


def is_echo(words: Sequence[str], hint: Sequence[str]) -> bool:
    """Whether the words are a run of those in the hint. A name or two are no echo: they are likely to be said."""
    return len(words) >= SHORTEST_ECHO_WORDS and any(runs_of(words, hint))


def runs_of(words: Sequence[str], within: Sequence[str]) -> Iterator[range]:
    """Wherever the words stand one after the other among others."""
    for at in range(len(within) - len(words) + 1):
        if list(within[at : at + len(words)]) == list(words):
            yield range(at, at + len(words))


def plain_words(text: str) -> list[str]:
    """The words in lower case, without punctuation."""
    kept = (one if unicodedata.category(one)[0] in "LMN" else " " for one in text.lower())
    return "".join(kept).split()


def _repetition(text: str) -> float:
    """`compression` that counts letters, not bytes: scripts of three bytes a letter are no repetition by themselves."""
    letters = sorted(set(text.strip()))
    if len(letters) > 256:
        raw = text.strip().encode("utf-16-le", "surrogatepass")
    else:
        raw = bytes(letters.index(one) for one in text.strip())
    return len(raw) / len(zlib.compress(raw)) if raw else 0.0
