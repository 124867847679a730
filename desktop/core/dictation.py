"""Dictation as two tables of stages and events: news come in as events, what is to be done goes out as actions.

Nothing here waits, listens or looks at a clock: the service carries the actions out and says what became of them. One
dictation is a take. While one is still recognised the next may be spoken; texts are inserted in the order of speaking,
and never while the key of the shortcut is down, since a paste would come out as another shortcut.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from desktop.core.errors import AppError, KeysHeld
from desktop.core.i18n import mark

HOLD_MS = 400
"""A key that is down at least so long is held to talk; a shorter tap starts and the next one ends."""


class Trigger(StrEnum):
    """What the shortcut does."""

    BOTH = "both"
    """Hold to talk, or tap to start and tap again to end."""
    HOLD = "hold"
    TAP = "tap"


TRIGGERS = {
    Trigger.BOTH: mark("Hold, or tap to start and end"),
    Trigger.HOLD: mark("Hold to talk"),
    Trigger.TAP: mark("Tap to start, tap to end"),
}


class Stage(StrEnum):
    """How far a take has come. The first two listen until the key says otherwise."""

    PRESSED = "pressed"
    """The key is down; whether it is held or tapped will be known when it is let go."""
    LATCHED = "latched"
    """It was tapped: the microphone is on until the next tap."""
    FINISHING = "finishing"
    """The end was asked for; the microphone is on as long as speech goes on."""
    RECOGNISING = "recognising"
    READY = "ready"
    """The text is known and waits for the key to be let go, or for an earlier text."""
    INSERTING = "inserting"


LISTENING = frozenset({Stage.PRESSED, Stage.LATCHED})
RECORDING = LISTENING | {Stage.FINISHING}


class Resource(StrEnum):
    """What is taken from the rest of the machine for a while, and always given back."""

    CANCEL_KEY = "cancel-key"
    """Esc, which belongs to the other programs unless something can be cancelled."""
    MEDIA = "media"
    """The sound of others, if the user wants it quiet."""
    FILES = "files"
    """The processor that the file queue works with."""
    CLIPBOARD = "clipboard"


@dataclass(frozen=True, slots=True)
class Take:
    """One dictation on its way from the key to the text."""

    number: int
    stage: Stage
    since_ms: int = 0
    """When the key went down."""
    is_open: bool = False
    """Sound comes in: from here on nothing that is said is missed."""
    is_broken: bool = False
    """Its microphone failed, which was said already."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that could not be inserted and is kept for the user."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Dictation:
    """All that dictation knows at one moment. `step` gives the next one."""

    trigger: Trigger = Trigger.BOTH
    key_is_down: bool = False
    takes: tuple[Take, ...] = ()
    """In the order of speaking; only the last can be listening."""
    waiting: tuple[Waiting, ...] = ()
    count: int = 0
    """How many takes there were; the number of the last one."""

    @property
    def is_idle(self) -> bool:
        """Nothing is under way. Texts may be waiting."""
        return not self.takes

    @property
    def listening(self) -> Take | None:
        """The take whose end the key decides."""
        last = self.takes[-1] if self.takes else None
        return last if last and last.stage in LISTENING else None

    @property
    def shown(self) -> Take | None:
        """The take that concerns the user most: the one that is spoken, else the one whose text comes next."""
        recording = [take for take in self.takes if take.stage in RECORDING]
        return next(iter([*reversed(recording), *self.takes]), None)

    @property
    def held(self) -> frozenset[Resource]:
        """What is taken from others in this state. It follows from the state alone: no way out can forget a thing."""
        stages = {take.stage for take in self.takes}
        return frozenset(
            resource
            for resource, needed in (
                (Resource.CANCEL_KEY, bool(stages & LISTENING)),
                (Resource.MEDIA, bool(stages & RECORDING)),
                (Resource.FILES, bool(stages & (RECORDING | {Stage.RECOGNISING}))),
                (Resource.CLIPBOARD, Stage.INSERTING in stages),
            )
            if needed
        )

    def take(self, number: int) -> Take | None:
        """The take of that number, unless it is over."""
        return next((take for take in self.takes if take.number == number), None)


# --- events ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pressed:
    """The key went down, by hand or by `undertone dictate --press`. Repeats while it is down are ignored."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Released:
    """The key came up."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Toggled:
    """Start, or end what is being spoken: the tray, `--toggle`, a take that is long enough."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Away with what is being spoken; when nothing is, with what is being recognised."""


@dataclass(frozen=True, slots=True)
class DropWanted:
    """Insert a text that waits: the one of that number, or the newest one."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A text need not wait any longer."""

    number: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The program ends."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The first sound has come from the microphone."""

    take: int


@dataclass(frozen=True, slots=True)
class MicrophoneFailed:
    """The microphone could not be opened, or is gone. `Closed` follows."""

    take: int
    error: AppError


@dataclass(frozen=True, slots=True)
class Closed:
    """The sound of a take is complete."""

    take: int
    has_speech: bool


@dataclass(frozen=True, slots=True)
class Recognised:
    """The text as it is to be inserted; empty when nothing was said."""

    take: int
    text: str


@dataclass(frozen=True, slots=True)
class RecognitionFailed:
    """There is no text; the sound is kept."""

    take: int
    error: AppError


@dataclass(frozen=True, slots=True)
class Inserted:
    """The program in focus has read the text."""

    take: int


@dataclass(frozen=True, slots=True)
class NotInserted:
    """The text is nowhere yet."""

    take: int
    error: AppError


KeyEvent = Pressed | Released | Toggled | Cancelled | DropWanted | Dismissed | Ended
TakeEvent = Opened | MicrophoneFailed | Closed | Recognised | RecognitionFailed | Inserted | NotInserted
Event = KeyEvent | TakeEvent


# --- actions ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StartMicrophone:
    """First of all: sound is kept from here on. Answered by Opened or MicrophoneFailed."""

    take: int


@dataclass(frozen=True, slots=True)
class NoteTarget:
    """Remember which window has the keyboard: the text belongs there."""

    take: int


@dataclass(frozen=True, slots=True)
class FinishMicrophone:
    """Go on as long as speech does, a little while at most. Answered by Closed."""

    take: int


@dataclass(frozen=True, slots=True)
class StopMicrophone:
    """At once, and keep what there is. Answered by Closed."""

    take: int


@dataclass(frozen=True, slots=True)
class DropMicrophone:
    """At once, and forget the sound. Not answered."""

    take: int


@dataclass(frozen=True, slots=True)
class Recognise:
    """Answered by Recognised or RecognitionFailed."""

    take: int


@dataclass(frozen=True, slots=True)
class CancelRecognition:
    """Not answered."""

    take: int


@dataclass(frozen=True, slots=True)
class Insert:
    """Answered by Inserted or NotInserted."""

    take: int
    text: str


@dataclass(frozen=True, slots=True)
class NothingHeard:
    """Say so, in passing: no text will come."""

    take: int


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the user."""

    error: AppError


@dataclass(frozen=True, slots=True)
class Hold:
    """Take something from the rest of the machine."""

    resource: Resource


@dataclass(frozen=True, slots=True)
class LetGo:
    """Give it back as it was."""

    resource: Resource


Action = (
    StartMicrophone
    | NoteTarget
    | FinishMicrophone
    | StopMicrophone
    | DropMicrophone
    | Recognise
    | CancelRecognition
    | Insert
    | NothingHeard
    | Say
    | Hold
    | LetGo
)
Step = tuple[Dictation, tuple[Action, ...]]


def step(dictation: Dictation, event: Event) -> Step:
    """What comes of an event: the next state, and what is to be done, in this order.

    An event that no table knows changes nothing: late news of a take that is over, a key that repeats.
    """
    if isinstance(event, KeyEvent):
        listening = dictation.listening
        known = BY_KEY.get((listening.stage if listening else None, type(event)))
        after, actions = known(dictation, event) if known else (dictation, ())
    else:
        take = dictation.take(event.take)
        move = BY_TAKE.get((take.stage, type(event))) if take else None
        after, actions = move(dictation, take, event) if move and take else (dictation, ())
    after, inserting = _next_text(after)
    return after, (*actions, *_resources(dictation.held, after.held), *inserting)


def _resources(before: frozenset[Resource], after: frozenset[Resource]) -> tuple[Action, ...]:
    given = (LetGo(resource) for resource in Resource if resource in before - after)
    taken = (Hold(resource) for resource in Resource if resource in after - before)
    return (*given, *taken)


def _next_text(dictation: Dictation) -> Step:
    first = dictation.takes[0] if dictation.takes else None
    if first is None or first.stage is not Stage.READY or dictation.key_is_down:
        return dictation, ()
    return _put(dictation, replace(first, stage=Stage.INSERTING)), (Insert(first.number, first.text),)


# --- what the key does -----------------------------------------------------------------------------------------------


def _press(dictation: Dictation, event: Pressed) -> Step:
    if dictation.key_is_down:
        return dictation, ()
    return _started(replace(dictation, key_is_down=True), Stage.PRESSED, event.at_ms)


def _start_latched(dictation: Dictation, event: Toggled) -> Step:
    return _started(dictation, Stage.LATCHED, event.at_ms)


def _started(dictation: Dictation, stage: Stage, at_ms: int) -> Step:
    """The microphone goes to the new take; one that was still finishing has had its end."""
    number = dictation.count + 1
    stopped = tuple(StopMicrophone(take.number) for take in dictation.takes if take.stage is Stage.FINISHING)
    takes = (*dictation.takes, Take(number, stage, at_ms))
    return replace(dictation, takes=takes, count=number), (*stopped, StartMicrophone(number), NoteTarget(number))


def _press_again(dictation: Dictation, _event: Pressed) -> Step:
    """The tap that ends it: its own release says nothing more."""
    if dictation.key_is_down:
        return dictation, ()
    return _finish_here(replace(dictation, key_is_down=True))


def _release(dictation: Dictation, _event: Released) -> Step:
    return replace(dictation, key_is_down=False), ()


def _release_held(dictation: Dictation, event: Released) -> Step:
    take = dictation.takes[-1]
    after = replace(dictation, key_is_down=False)
    is_held = event.at_ms - take.since_ms >= HOLD_MS if dictation.trigger is Trigger.BOTH else None
    if is_held or dictation.trigger is Trigger.HOLD:
        return _finish(after)
    return _put(after, replace(take, stage=Stage.LATCHED)), ()


def _toggle_held(dictation: Dictation, _event: Toggled) -> Step:
    """Said from outside the key: a release that was lost holds no text back any longer."""
    return _finish(replace(dictation, key_is_down=False))


def _toggle_latched(dictation: Dictation, _event: Toggled) -> Step:
    return _finish_here(dictation)


def _finish(dictation: Dictation) -> Step:
    take = dictation.takes[-1]
    return _put(dictation, replace(take, stage=Stage.FINISHING)), (FinishMicrophone(take.number),)


def _finish_here(dictation: Dictation) -> Step:
    """With both hands free the user may have gone to another window, and ends the take there."""
    after, actions = _finish(dictation)
    return after, (*actions, NoteTarget(dictation.takes[-1].number))


def _cancel_spoken(dictation: Dictation, _event: Cancelled) -> Step:
    take = dictation.takes[-1]
    return _without(dictation, take), (DropMicrophone(take.number),)


def _cancel_unheard(dictation: Dictation, _event: Cancelled) -> Step:
    """Text that is known already is never thrown away by this."""
    given_up: Mapping[Stage, Callable[[int], Action]] = {
        Stage.FINISHING: DropMicrophone,
        Stage.RECOGNISING: CancelRecognition,
    }
    actions = tuple(given_up[take.stage](take.number) for take in dictation.takes if take.stage in given_up)
    return replace(dictation, takes=tuple(take for take in dictation.takes if take.stage not in given_up)), actions


def _drop(dictation: Dictation, event: DropWanted) -> Step:
    """It joins the line as a take of its own; while a take is spoken it has to wait, or it would be its end."""
    wanted = [one for one in dictation.waiting if event.number in (0, one.number)][-1:]
    if not wanted:
        return dictation, ()
    rest = tuple(one for one in dictation.waiting if one is not wanted[0])
    number = dictation.count + 1
    takes = (*dictation.takes, Take(number, Stage.READY, text=wanted[0].text))
    return replace(dictation, takes=takes, waiting=rest, count=number), (NoteTarget(number),)


def _dismiss(dictation: Dictation, event: Dismissed) -> Step:
    return replace(dictation, waiting=tuple(one for one in dictation.waiting if one.number != event.number)), ()


def _end(dictation: Dictation, _event: Ended) -> Step:
    """Sound stays where the recorder keeps it, text waits: both are there at the next start."""
    actions: list[Action] = []
    for take in dictation.takes:
        if take.stage in RECORDING:
            actions.append(StopMicrophone(take.number))
        elif take.stage is Stage.RECOGNISING:
            actions.append(CancelRecognition(take.number))
    left = tuple(Waiting(take.number, take.text) for take in dictation.takes if take.text)
    return replace(dictation, takes=(), key_is_down=False, waiting=(*dictation.waiting, *left)), tuple(actions)


# --- what becomes of a take ------------------------------------------------------------------------------------------


def _opened(dictation: Dictation, take: Take, _event: Opened) -> Step:
    return _put(dictation, replace(take, is_open=True)), ()


def _broken(dictation: Dictation, take: Take, event: MicrophoneFailed) -> Step:
    """What was heard until then is not lost."""
    after = _put(dictation, replace(take, stage=Stage.FINISHING, is_broken=True))
    return after, (Say(event.error), StopMicrophone(take.number))


def _broken_at_the_end(dictation: Dictation, take: Take, event: MicrophoneFailed) -> Step:
    return _put(dictation, replace(take, is_broken=True)), (Say(event.error),)


def _closed(dictation: Dictation, take: Take, event: Closed) -> Step:
    if event.has_speech:
        return _put(dictation, replace(take, stage=Stage.RECOGNISING)), (Recognise(take.number),)
    return _without(dictation, take), () if take.is_broken else (NothingHeard(take.number),)


def _recognised(dictation: Dictation, take: Take, event: Recognised) -> Step:
    if event.text:
        return _put(dictation, replace(take, stage=Stage.READY, text=event.text)), ()
    return _without(dictation, take), (NothingHeard(take.number),)


def _unrecognised(dictation: Dictation, take: Take, event: RecognitionFailed) -> Step:
    return _without(dictation, take), (Say(event.error),)


def _inserted(dictation: Dictation, take: Take, _event: Inserted) -> Step:
    return _without(dictation, take), ()


def _not_inserted(dictation: Dictation, take: Take, event: NotInserted) -> Step:
    if isinstance(event.error, KeysHeld) and dictation.key_is_down:  # the next take is spoken already
        return _put(dictation, replace(take, stage=Stage.READY)), ()
    kept = (*dictation.waiting, Waiting(take.number, take.text))
    return replace(_without(dictation, take), waiting=kept), (Say(event.error),)


def _put(dictation: Dictation, take: Take) -> Dictation:
    return replace(dictation, takes=tuple(take if one.number == take.number else one for one in dictation.takes))


def _without(dictation: Dictation, take: Take) -> Dictation:
    return replace(dictation, takes=tuple(one for one in dictation.takes if one.number != take.number))


BY_KEY: Mapping[tuple[Stage | None, type[Any]], Callable[[Dictation, Any], Step]] = {
    (None, Pressed): _press,
    (None, Released): _release,
    (None, Toggled): _start_latched,
    (None, Cancelled): _cancel_unheard,
    (None, DropWanted): _drop,
    (None, Dismissed): _dismiss,
    (None, Ended): _end,
    (Stage.PRESSED, Released): _release_held,
    (Stage.PRESSED, Toggled): _toggle_held,
    (Stage.PRESSED, Cancelled): _cancel_spoken,
    (Stage.PRESSED, Dismissed): _dismiss,
    (Stage.PRESSED, Ended): _end,
    (Stage.LATCHED, Pressed): _press_again,
    (Stage.LATCHED, Released): _release,
    (Stage.LATCHED, Toggled): _toggle_latched,
    (Stage.LATCHED, Cancelled): _cancel_spoken,
    (Stage.LATCHED, Dismissed): _dismiss,
    (Stage.LATCHED, Ended): _end,
}
"""By the stage of the take that is listening, None when there is none."""

BY_TAKE: Mapping[tuple[Stage, type[Any]], Callable[[Dictation, Take, Any], Step]] = {
    (Stage.PRESSED, Opened): _opened,
    (Stage.PRESSED, MicrophoneFailed): _broken,
    (Stage.PRESSED, Closed): _closed,
    (Stage.LATCHED, Opened): _opened,
    (Stage.LATCHED, MicrophoneFailed): _broken,
    (Stage.LATCHED, Closed): _closed,
    (Stage.FINISHING, Opened): _opened,
    (Stage.FINISHING, MicrophoneFailed): _broken_at_the_end,
    (Stage.FINISHING, Closed): _closed,
    (Stage.RECOGNISING, Recognised): _recognised,
    (Stage.RECOGNISING, RecognitionFailed): _unrecognised,
    (Stage.INSERTING, Inserted): _inserted,
    (Stage.INSERTING, NotInserted): _not_inserted,
}
"""By the stage of the take that the news is about."""
