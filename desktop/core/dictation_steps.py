"""Dictation as two tables of stages and events: news come in as events, what is to be done goes out as actions.

Nothing here waits, listens or looks at a clock: the service carries the actions out and says what became of them. Texts
are inserted in the order of speaking, and never while the key of the shortcut is down, since a paste would come out as
another shortcut.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from desktop.core.dictation import RECORDING, Dictation, Resource, Stage, Take, Trigger, Waiting
from desktop.core.dictation_actions import (
    Action,
    CancelRecognition,
    DropMicrophone,
    FinishMicrophone,
    Hold,
    Insert,
    LetGo,
    NoteTarget,
    NothingHeard,
    Recognise,
    Say,
    StartMicrophone,
    StopMicrophone,
    TakeUp,
)
from desktop.core.dictation_events import (
    Cancelled,
    Closed,
    Dismissed,
    DropWanted,
    Ended,
    Event,
    Inserted,
    KeyEvent,
    MicrophoneFailed,
    NotInserted,
    Opened,
    Pressed,
    Recognised,
    RecognitionFailed,
    Released,
    Toggled,
)
from desktop.core.errors import KeysHeld

HOLD_MS = 400
"""A key that is down at least so long is held to talk; a shorter tap starts and the next one ends."""

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
    wanted = next((one for one in reversed(dictation.waiting) if event.number in (0, one.number)), None)
    if wanted is None:
        return dictation, ()
    rest = tuple(one for one in dictation.waiting if one is not wanted)
    number = dictation.count + 1
    takes = (*dictation.takes, Take(number, Stage.READY, text=wanted.text))
    after = replace(dictation, takes=takes, waiting=rest, count=number)
    return after, (TakeUp(number, wanted.number), NoteTarget(number))


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
