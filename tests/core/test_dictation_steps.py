"""Dictation: each event in each stage, and every way out of every state."""

from collections import deque
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.dictation import LISTENING, Dictation, Resource, Stage, Take, Trigger, Waiting
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
    MicrophoneFailed,
    NotInserted,
    Opened,
    Pressed,
    Recognised,
    RecognitionFailed,
    Released,
    Toggled,
)
from desktop.core.dictation_steps import BY_KEY, BY_TAKE, HOLD_MS, Step, step
from desktop.core.errors import EngineCrashed, KeysHeld, NoMicrophone, TargetMoved

GONE, CRASHED, MOVED = NoMicrophone(), EngineCrashed(reason="x"), TargetMoved()
FILES, ESC = Resource.FILES, Resource.CANCEL_KEY


def after(*events: Event, start: Dictation | None = None) -> Step:
    """The state after the events, and what the last one brought about."""
    dictation, actions = start or Dictation(), ()
    for event in events:
        dictation, actions = step(dictation, event)
    return dictation, actions


def at(stage: Stage) -> Dictation:
    """One take at that stage, come there as it does in life."""
    way: dict[Stage, tuple[Event, ...]] = {
        Stage.PRESSED: (Pressed(0), Opened(1)),
        Stage.LATCHED: (Pressed(0), Opened(1), Released(100)),
        Stage.FINISHING: (Pressed(0), Opened(1), Released(900)),
        Stage.RECOGNISING: (Pressed(0), Opened(1), Released(900), Closed(1, True)),
        Stage.READY: (
            Pressed(0),
            Opened(1),
            Released(900),
            Closed(1, True),
            Pressed(1000),
            Recognised(1, "Hi."),
            Cancelled(),
        ),
        Stage.INSERTING: (Pressed(0), Opened(1), Released(900), Closed(1, True), Recognised(1, "Hi.")),
    }
    dictation, _ = after(*way[stage])
    assert [take.stage for take in dictation.takes] == [stage]
    return dictation


class TestAWholeDictation:
    def test_hold_speak_and_let_go(self) -> None:
        dictation, actions = step(Dictation(), Pressed(1000))
        assert actions == (StartMicrophone(1), NoteTarget(1), Hold(ESC), Hold(FILES))
        dictation, actions = step(dictation, Opened(1))
        assert dictation.listening
        assert dictation.listening.is_open
        assert actions == ()
        dictation, actions = step(dictation, Released(1000 + HOLD_MS))
        assert actions == (FinishMicrophone(1), LetGo(ESC))
        dictation, actions = step(dictation, Closed(1, has_speech=True))
        assert actions == (Recognise(1),)
        dictation, actions = step(dictation, Recognised(1, "Hello."))
        assert actions == (LetGo(FILES), Insert(1, "Hello."))
        dictation, actions = step(dictation, Inserted(1))
        assert actions == ()
        assert dictation == Dictation(count=1)

    def test_tap_speak_and_tap_again(self) -> None:
        dictation, actions = after(Pressed(0), Released(HOLD_MS - 1))
        assert dictation.takes == (Take(1, Stage.LATCHED),)
        assert actions == ()
        dictation, actions = step(dictation, Pressed(5000))
        assert actions == (FinishMicrophone(1), NoteTarget(1), LetGo(ESC))
        dictation, actions = step(dictation, Released(9000))
        assert [take.stage for take in dictation.takes] == [Stage.FINISHING]
        assert actions == ()

    def test_the_sound_is_kept_before_anything_else_is_done(self) -> None:
        for event in (Pressed(0), Toggled(0)):
            assert step(Dictation(), event)[1][0] == StartMicrophone(1)

    @pytest.mark.parametrize(
        ("trigger", "held_ms", "stage"),
        [
            (Trigger.BOTH, HOLD_MS - 1, Stage.LATCHED),
            (Trigger.BOTH, HOLD_MS, Stage.FINISHING),
            (Trigger.HOLD, 10, Stage.FINISHING),
            (Trigger.TAP, 60_000, Stage.LATCHED),
        ],
    )
    def test_the_user_chooses_what_the_key_does(self, trigger: Trigger, held_ms: int, stage: Stage) -> None:
        dictation, _ = after(Pressed(0), Released(held_ms), start=Dictation(trigger))
        assert [take.stage for take in dictation.takes] == [stage]

    def test_a_key_that_repeats_is_pressed_once(self) -> None:
        dictation, _ = after(Pressed(0))
        for at_ms in range(30, 5000, 30):
            assert step(dictation, Pressed(at_ms)) == (dictation, ())
        latched, _ = after(Pressed(0), Released(10), Pressed(500))
        assert after(Pressed(530), start=latched) == (latched, ())

    def test_nothing_said_means_nothing_inserted(self) -> None:
        assert step(at(Stage.FINISHING), Closed(1, has_speech=False)) == (
            Dictation(count=1),
            (NothingHeard(1), LetGo(FILES)),
        )
        assert step(at(Stage.RECOGNISING), Recognised(1, "")) == (
            Dictation(count=1),
            (NothingHeard(1), LetGo(FILES)),
        )


class TestSeveralTakes:
    def test_speaking_on_while_the_text_before_is_recognised(self) -> None:
        dictation, actions = step(at(Stage.RECOGNISING), Pressed(1000))
        assert actions == (StartMicrophone(2), NoteTarget(2), Hold(ESC))
        dictation, actions = step(dictation, Recognised(1, "One."))
        assert actions == ()  # the key is down: a paste would be another shortcut
        dictation, actions = step(dictation, Released(2000))
        assert actions == (FinishMicrophone(2), LetGo(ESC), Insert(1, "One."))

    def test_a_press_within_the_last_moments_of_a_take_ends_them(self) -> None:
        _dictation, actions = step(at(Stage.FINISHING), Pressed(1000))
        assert actions[:3] == (StopMicrophone(1), StartMicrophone(2), NoteTarget(2))

    def test_texts_come_in_the_order_of_speaking(self) -> None:
        dictation, _ = after(Pressed(1000), Released(2000), Closed(2, True), start=at(Stage.RECOGNISING))
        dictation, actions = step(dictation, Recognised(2, "Two."))
        assert actions == ()
        dictation, actions = step(dictation, Recognised(1, "One."))
        assert actions[-1] == Insert(1, "One.")
        dictation, actions = step(dictation, Inserted(1))
        assert actions == (Insert(2, "Two."),)

    def test_a_take_that_fails_does_not_hold_up_the_next(self) -> None:
        dictation, _ = after(Pressed(1000), Released(2000), Closed(2, True), start=at(Stage.RECOGNISING))
        dictation, _ = step(dictation, Recognised(2, "Two."))
        _, actions = step(dictation, RecognitionFailed(1, CRASHED))
        assert actions == (Say(CRASHED), LetGo(FILES), Insert(2, "Two."))

    def test_what_is_spoken_is_shown_before_what_is_recognised(self) -> None:
        dictation, _ = after(Pressed(1000), start=at(Stage.RECOGNISING))
        assert dictation.shown == Take(2, Stage.PRESSED, 1000)
        assert (at(Stage.READY).shown or Take(0, Stage.PRESSED)).number == 1
        assert Dictation().shown is None


class TestFailures:
    @pytest.mark.parametrize("stage", [Stage.PRESSED, Stage.LATCHED])
    def test_what_was_heard_before_the_microphone_went_is_recognised(self, stage: Stage) -> None:
        dictation, actions = step(at(stage), MicrophoneFailed(1, GONE))
        assert actions == (Say(GONE), StopMicrophone(1), LetGo(ESC))
        _, actions = step(dictation, Closed(1, has_speech=True))
        assert actions[0] == Recognise(1)

    def test_a_microphone_that_could_not_be_opened_is_said_once(self) -> None:
        dictation, _ = after(Pressed(0), MicrophoneFailed(1, GONE))
        assert step(dictation, Closed(1, has_speech=False))[1] == (LetGo(FILES),)

    def test_a_microphone_that_fails_at_the_end_is_not_stopped_twice(self) -> None:
        dictation, actions = step(at(Stage.FINISHING), MicrophoneFailed(1, GONE))
        assert actions == (Say(GONE),)
        assert dictation.takes[0].stage is Stage.FINISHING

    def test_a_take_without_end_is_closed_by_the_service(self) -> None:
        for stage in LISTENING:
            dictation, actions = step(at(stage), Closed(1, has_speech=True))
            assert actions == (Recognise(1), LetGo(ESC))
            assert dictation.takes[0].stage is Stage.RECOGNISING

    def test_text_that_could_not_be_inserted_waits(self) -> None:
        dictation, actions = step(at(Stage.INSERTING), NotInserted(1, MOVED))
        assert actions == (Say(MOVED),)
        assert dictation.waiting == (Waiting(1, "Hi."),)
        assert dictation.is_idle

    def test_the_key_of_the_next_take_only_puts_the_text_off(self) -> None:
        held = KeysHeld(keys="Ctrl")
        dictation, _ = after(Pressed(1000), start=at(Stage.INSERTING))
        dictation, actions = step(dictation, NotInserted(1, held))
        assert actions == ()
        assert not dictation.waiting
        _, actions = step(dictation, Released(2000))
        assert actions[-1] == Insert(1, "Hi.")
        dictation, actions = step(at(Stage.INSERTING), NotInserted(1, held))
        assert actions[0] == Say(held)
        assert dictation.waiting == (Waiting(1, "Hi."),)


class TestWaitingTexts:
    two = Dictation(waiting=(Waiting(1, "Old."), Waiting(2, "New.")), count=2)

    def test_one_key_inserts_the_newest(self) -> None:
        dictation, actions = step(self.two, DropWanted())
        assert actions == (TakeUp(3, was=2), NoteTarget(3), Insert(3, "New."))
        assert dictation.waiting == (Waiting(1, "Old."),)
        dictation, _ = step(dictation, NotInserted(3, MOVED))
        assert dictation.waiting == (Waiting(1, "Old."), Waiting(3, "New."))

    def test_or_the_one_that_was_chosen(self) -> None:
        assert step(self.two, DropWanted(1))[1][-1] == Insert(3, "Old.")
        assert step(self.two, DropWanted(9)) == (self.two, ())

    def test_one_can_be_sent_away_also_while_speaking(self) -> None:
        for dictation in (self.two, *(replace(at(stage), waiting=self.two.waiting) for stage in LISTENING)):
            assert step(dictation, Dismissed(1))[0].waiting == (Waiting(2, "New."),)

    def test_while_speaking_they_stay(self) -> None:
        dictation = replace(at(Stage.LATCHED), waiting=self.two.waiting)
        assert step(dictation, DropWanted()) == (dictation, ())


class TestCancelling:
    @pytest.mark.parametrize("stage", [Stage.PRESSED, Stage.LATCHED])
    def test_what_is_spoken_is_forgotten(self, stage: Stage) -> None:
        dictation, actions = step(at(stage), Cancelled())
        assert actions == (DropMicrophone(1), LetGo(ESC), LetGo(FILES))
        assert dictation.is_idle
        assert step(dictation, Released(9000))[0] == Dictation(count=1)

    def test_the_take_before_is_not_touched_by_it(self) -> None:
        dictation, _ = after(Pressed(1000), Cancelled(), start=at(Stage.RECOGNISING))
        assert [take.number for take in dictation.takes] == [1]

    def test_with_nothing_spoken_recognition_is_left(self) -> None:
        assert step(at(Stage.RECOGNISING), Cancelled())[1] == (CancelRecognition(1), LetGo(FILES))
        assert step(at(Stage.FINISHING), Cancelled())[1] == (DropMicrophone(1), LetGo(FILES))

    @pytest.mark.parametrize("stage", [Stage.READY, Stage.INSERTING])
    def test_text_that_is_known_is_never_thrown_away(self, stage: Stage) -> None:
        assert step(at(stage), Cancelled()) == (at(stage), ())


@pytest.mark.parametrize(
    ("stage", "actions", "waiting"),
    [
        (Stage.PRESSED, (StopMicrophone(1), LetGo(ESC), LetGo(FILES)), ()),
        (Stage.LATCHED, (StopMicrophone(1), LetGo(ESC), LetGo(FILES)), ()),
        (Stage.FINISHING, (StopMicrophone(1), LetGo(FILES)), ()),
        (Stage.RECOGNISING, (CancelRecognition(1), LetGo(FILES)), ()),
        (Stage.READY, (), (Waiting(1, "Hi."),)),
        (Stage.INSERTING, (), (Waiting(1, "Hi."),)),
    ],
)
def test_the_end_of_the_program_keeps_sound_and_text(
    stage: Stage, actions: tuple[Action, ...], waiting: tuple[Waiting, ...]
) -> None:
    dictation, done = step(at(stage), Ended())
    assert done == actions
    assert dictation == Dictation(waiting=waiting, count=dictation.count)


def test_a_release_that_was_lost_does_not_hold_back_the_text() -> None:
    dictation, actions = after(Pressed(0), Toggled(2000))  # the key was never seen to come up
    assert actions[0] == FinishMicrophone(1)
    _, actions = after(Closed(1, True), Recognised(1, "Hi."), start=dictation)
    assert actions[-1] == Insert(1, "Hi.")


def test_events_that_no_table_knows_change_nothing() -> None:
    takes: tuple[Event, ...] = (
        Opened(1),
        MicrophoneFailed(1, GONE),
        Closed(1, True),
        Recognised(1, "Late."),
        RecognitionFailed(1, CRASHED),
        Inserted(1),
        NotInserted(1, MOVED),
    )
    for stage in Stage:
        for event in takes:
            if (stage, type(event)) not in BY_TAKE:
                assert step(at(stage), event) == (at(stage), ())
    for event in takes:
        assert step(Dictation(count=1), event) == (Dictation(count=1), ())


def test_the_tables_name_each_stage() -> None:
    assert {stage for stage, _ in BY_KEY} == {None, *LISTENING}
    assert {stage for stage, _ in BY_TAKE} == set(Stage) - {Stage.READY}  # READY goes on by itself


# --- every sequence --------------------------------------------------------------------------------------------------


def events_of(dictation: Dictation) -> list[Event]:
    """Everything that can happen next, in all variants that matter."""
    now = max((take.since_ms for take in dictation.takes), default=0)
    events: list[Event] = [
        Pressed(now),
        Released(now + 10),
        Released(now + HOLD_MS),
        Toggled(now),
        Cancelled(),
        Ended(),
    ]
    events += [DropWanted(), *(Dismissed(one.number) for one in dictation.waiting[:1])]
    for take in dictation.takes:
        number = take.number
        events += [Opened(number), MicrophoneFailed(number, GONE), Closed(number, True), Closed(number, False)]
        events += [Recognised(number, "Text."), Recognised(number, ""), RecognitionFailed(number, CRASHED)]
        events += [Inserted(number), NotInserted(number, MOVED), NotInserted(number, KeysHeld(keys="Ctrl"))]
    return events


class World:
    """What the actions have taken and started; complains when they do not fit together."""

    def __init__(self) -> None:
        self.held: set[Resource] = set()
        self.open: dict[int, str] = {}
        """Each take that the service is at work on, and at what."""
        self.inserting = 0

    def do(self, actions: tuple[Action, ...]) -> None:
        for action in actions:
            match action:
                case Hold(resource):
                    assert resource not in self.held
                    self.held.add(resource)
                case LetGo(resource):
                    self.held.remove(resource)
                case StartMicrophone(take):
                    assert "listening" not in self.open.values()
                    self.open[take] = "listening"
                case FinishMicrophone(take) | StopMicrophone(take):
                    assert self.open[take] in ("listening", "finishing")
                    self.open[take] = "finishing"
                case DropMicrophone(take):
                    assert self.open.pop(take) in ("listening", "finishing")
                case Recognise(take):
                    self.open[take] = "recognising"
                case CancelRecognition(take):
                    assert self.open.pop(take) == "recognising"
                case Insert(take, text):
                    assert text
                    self.inserting = take
                case NoteTarget() | NothingHeard() | Say() | TakeUp():
                    pass


def check(dictation: Dictation) -> None:
    stages = [take.stage for take in dictation.takes]
    assert len({take.number for take in dictation.takes}) == len(stages)
    assert sum(stage in LISTENING for stage in stages) <= 1
    assert all(stage not in LISTENING for stage in stages[:-1])
    assert stages.count(Stage.INSERTING) <= 1
    assert all(one.text for one in dictation.waiting)
    if dictation.is_idle:
        assert dictation.held == frozenset()


def shape(dictation: Dictation) -> tuple[Any, ...]:
    """The state without the numbers that only grow."""
    takes = tuple((take.stage, take.is_open, take.is_broken) for take in dictation.takes)
    return dictation.trigger, dictation.key_is_down, takes, min(len(dictation.waiting), 1)


@pytest.mark.parametrize("trigger", list(Trigger))
def test_from_every_state_there_is_a_way_out_that_gives_everything_back(trigger: Trigger) -> None:
    start = Dictation(trigger)
    seen = {shape(start): start}
    line = deque([start])
    while line:
        dictation = line.popleft()
        for event in events_of(dictation):
            following, _ = step(dictation, event)
            check(following)
            if len(following.takes) <= 2 and shape(following) not in seen:
                seen[shape(following)] = following
                line.append(following)
    assert len(seen) > 100
    for dictation in seen.values():
        over, actions = step(dictation, Ended())
        assert over.is_idle
        assert not over.key_is_down
        assert {action.resource for action in actions if isinstance(action, LetGo)} == dictation.held
        texts = {take.text for take in dictation.takes if take.text}
        assert texts <= {one.text for one in over.waiting}


@given(st.data(), st.sampled_from(list(Trigger)))
def test_whatever_happens_the_actions_fit_together_and_it_comes_to_rest(data: st.DataObject, trigger: Trigger) -> None:
    dictation, world = Dictation(trigger), World()
    for _ in range(data.draw(st.integers(0, 40))):
        event = data.draw(st.sampled_from(events_of(dictation)))
        if isinstance(
            event, Opened | MicrophoneFailed | Closed | Recognised | RecognitionFailed | Inserted | NotInserted
        ):
            take = dictation.take(event.take)
            if take and (take.stage, type(event)) in BY_TAKE and not isinstance(event, Opened | MicrophoneFailed):
                world.open.pop(event.take, None)
        dictation, actions = step(dictation, event)
        world.do(actions)
        check(dictation)
        assert world.held == dictation.held
    # The user lets go of the key, and whatever is under way comes to its end.
    for _ in range(200):
        if dictation.is_idle and not dictation.key_is_down:
            break
        take = dictation.shown
        ends: dict[Stage, Event] = {
            Stage.PRESSED: Toggled(0),
            Stage.LATCHED: Toggled(0),
            Stage.FINISHING: Closed(take.number if take else 0, True),
            Stage.RECOGNISING: Recognised(take.number if take else 0, "Text."),
            Stage.READY: Released(0),
            Stage.INSERTING: Inserted(take.number if take else 0),
        }
        event = (
            ends[take.stage] if take and not (dictation.key_is_down and take.stage not in LISTENING) else Released(0)
        )
        dictation, actions = step(dictation, event)
        world.do(actions)
    assert dictation.is_idle
    assert not world.held
