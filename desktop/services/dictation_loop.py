"""Carries out what `core.dictation` decides, on one thread: no key, sample or text ever waits for the window."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from desktop.core import dictation_actions as actions
from desktop.core import dictation_events as events
from desktop.core.dictated import (
    Entry,
    Read,
    ScribeNews,
    Sketched,
    Unread,
    Utterance,
    Waterfall,
)
from desktop.core.dictation import Dictation, Resource, Trigger, Waiting
from desktop.core.dictation_actions import Action
from desktop.core.dictation_events import Event
from desktop.core.dictation_steps import step
from desktop.core.errors import AppError, DictationOff, MicrophoneSilent
from desktop.core.i18n import _
from desktop.core.insertion import Text, insert, method_for
from desktop.core.options import Options
from desktop.core.ports import Caret, Chime, Clipboard, Ears, Hotkey, KeyNews, Purpose, Scribe, Speech, Target, Typist
from desktop.core.settings import Settings
from desktop.core.spoken import Around, said, tidied
from desktop.services.dictation_history import DictationHistory

LOOK_EVERY_S = 0.015
TICK_S = 0.5
LEVEL_EVERY_S = 0.05
LEAST_MS = 80
"""Of sound: less is a slip of the finger."""
MUTE_AFTER_MS = 1000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hands:
    """What reaches into other programs; made when dictation is switched on."""

    hotkey: Hotkey
    typist: Typist
    clipboard: Clipboard
    caret: Caret


MakeHands = Callable[[Callable[[KeyNews], None], Mapping[Purpose, str]], Hands]


@dataclass(frozen=True, slots=True)
class Means:
    """All that dictation needs from outside."""

    ears: Ears
    scribe: Scribe
    chime: Chime
    make_hands: MakeHands
    give_way: Callable[[bool], None]
    """Whether whatever else recognises may go on: told from the thread of the loop."""
    resolve_model: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Loud:
    """How loud it is."""

    level: float


@dataclass(frozen=True, slots=True)
class Told:
    """An error for the user."""

    error: AppError


@dataclass(frozen=True, slots=True)
class Grabbed:
    """The shortcut that works now, as a person reads it; empty while none does."""

    purpose: Purpose
    shortcut: str


@dataclass(frozen=True, slots=True)
class Timed:
    """How long the steps of a dictation took."""

    waterfall: Waterfall


News = Dictation | Loud | Told | Grabbed | actions.NothingHeard | Sketched | Timed
Command = Event | Callable[[], None]


@dataclass(eq=False)
class _Take:
    """What belongs to one take."""

    began_s: float
    target: Target | None = None
    speech: Speech | None = None
    is_open: bool = False
    is_failed: bool = False
    read: Read | Unread | None = None
    released_s: float = 0.0
    waterfall: Waterfall = field(default_factory=Waterfall)

    def since_ms(self, at_s: float | None = None) -> int:
        """Milliseconds since the key."""
        return round(1000 * ((time.monotonic() if at_s is None else at_s) - self.began_s))


class DictationLoop:
    """`run` is the work of one thread, `insert_texts` of another, `recognise` of a third; the rest is for any."""

    def __init__(self, means: Means, history: DictationHistory) -> None:
        self._means = means
        self._history = history
        self._commands: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._texts: queue.SimpleQueue[tuple[int, Text] | None] = queue.SimpleQueue()
        self._news: deque[News] = deque()
        self._dictation = Dictation()
        self._settings = Settings(dictation=False)
        self._hands: Hands | None = None
        self._takes: dict[int, _Take] = {}
        self._wanted_keys: dict[Purpose, str] = {}
        self._is_by_hand = False
        """Whether it was the key itself that went down, and not a word from the command line."""
        self._model = ""
        self._is_ending = False
        self._leveled_s = self._ticked_s = 0.0
        self._leaving = threading.Event()

    # --- from any thread ---

    def tell(self, event: Event) -> None:
        """Something has happened, or is wished."""
        self._commands.put(event)

    def do(self, work: Callable[[], None]) -> None:
        """Do something on the thread of the loop."""
        self._commands.put(work)

    def use_settings(self, settings: Settings) -> None:
        """Dictate as they say from the next take on."""
        self.do(lambda: self._use(settings))

    def wait_with(self, entry: Entry) -> None:
        """Let the text of an entry wait."""
        self.do(lambda: self._let_wait(entry))

    def insert_entry(self, entry: Entry) -> None:
        """actions.Insert the text of an entry where the keyboard is."""

        def begin() -> None:
            self._let_wait(entry)
            self._step(events.DropWanted(-entry.id))

        self.do(begin)

    def put(self, text: str) -> None:
        """Put a text on the clipboard for good."""

        self.do(partial(self._put, text))

    def leave(self) -> None:
        """End: what is under way is kept."""
        self._commands.put(events.Ended())
        self._commands.put(None)

    # --- the three threads ---

    def run(self, _stop: threading.Event) -> Iterator[News]:
        """Carry out everything until `leave`."""
        try:
            while (command := self._next()) is not None:
                if callable(command):
                    command()
                elif not isinstance(command, _Look):
                    self._step(command)
                self._listen()
                self._tick()
                while self._news:
                    yield self._news.popleft()
        finally:
            self._close()
        while self._news:
            yield self._news.popleft()

    def recognise(self, stop: threading.Event) -> Iterator[ScribeNews]:
        """Pass on what the scribe tells."""
        for news in self._means.scribe.run(stop):
            if isinstance(news, Read | Unread):
                self.do(partial(self._on_read, news))
            elif isinstance(news, Sketched):
                self.do(partial(self._on_sketched, news))
            else:
                yield news

    def insert_texts(self, _stop: threading.Event) -> Iterator[None]:
        """actions.Insert one text after the other; each may wait for the other program."""
        while (wanted := self._texts.get()) is not None:
            number, text = wanted
            hands = self._hands
            assert hands, "texts come only where there are hands"
            try:
                insert(text, hands.typist, hands.clipboard, self._leaving)
            except AppError as error:
                self.tell(events.NotInserted(number, error))
            else:
                self.tell(events.Inserted(number))
        yield from ()

    # --- the loop ---

    def _next(self) -> Command | _Look | None:
        is_listening = any(take.speech for take in self._takes.values())
        wait_s = LOOK_EVERY_S if is_listening else TICK_S if self._must_tick else None
        try:
            return self._commands.get(timeout=wait_s)
        except queue.Empty:
            return _Look()

    @property
    def _must_tick(self) -> bool:
        return self._is_by_hand or bool(self._hands and self._settings.dictation_pre_roll_ms)

    def _step(self, event: Event) -> None:
        if isinstance(event, events.Pressed | events.Toggled | events.DropWanted) and not self._hands:
            self._news.append(Told(DictationOff()))
            return
        before = self._dictation
        renamed = next((one.number for one in reversed(before.waiting) if _means(event, one.number)), None)
        self._dictation, wanted = step(before, event)
        if isinstance(event, events.Dismissed):
            self._history.dismissed(event.number)
        if renamed is not None and self._dictation.count > before.count:
            self._history.renamed(renamed, self._dictation.count)
        self._note(event)
        self._is_ending = isinstance(event, events.Ended)
        for action in wanted:
            self._do(action)
        known = {take.number for take in self._dictation.takes}
        self._takes = {number: take for number, take in self._takes.items() if take.speech or number in known}
        if self._dictation != before:
            self._news.append(self._dictation)
        if self._dictation.waiting != before.waiting:
            self._offer_to_drop()

    def _note(self, event: Event) -> None:
        """When it happened, and what follows from it for the history."""
        match event:
            case events.Inserted(number):
                self._history.inserted(number)
                if take := self._takes.pop(number, None):
                    self._time(take, inserted=take.since_ms())
                    log.info("dictation: %s", take.waterfall)
                    self._news.append(Timed(take.waterfall))
            case events.Released() | events.Pressed():
                self._is_by_hand = self._is_by_hand and self._dictation.key_is_down

    def _do(self, action: Action) -> None:
        match action:
            case actions.StartMicrophone(number):
                self._start(number)
            case actions.FinishMicrophone(number):
                self._end_of(number, lambda speech: speech.finish())
            case actions.StopMicrophone(number):
                self._end_of(number, lambda speech: speech.stop())
            case actions.DropMicrophone(number):
                self._drop(number)
            case actions.Hold(resource) | actions.LetGo(resource):
                self._hold(resource, isinstance(action, actions.Hold))
            case _:
                self._do_with_text(action)

    def _do_with_text(self, action: Action) -> None:
        match action:
            case actions.NoteTarget(number):
                self._takes.setdefault(number, _Take(time.monotonic())).target = self._focused()
            case actions.CancelRecognition(number):
                self._means.scribe.leave(number)
                if not self._is_ending:  # else it is heard at the next start
                    self._history.unheard(number)
            case actions.Recognise(number):
                self._look_at_reading(number)
            case actions.Insert(number, text):
                target = self._takes[number].target
                program = target.program if target else ""
                self._texts.put((number, Text(text, target, method_for(program, self._settings.methods()))))
            case actions.NothingHeard(number):
                self._history.unheard(number)
                self._news.append(action)
            case actions.Say(error):
                self._news.append(Told(error))

    # --- the microphone ---

    def _start(self, number: int) -> None:
        """The microphone first: everything else can wait for some milliseconds, what is being said cannot."""
        began_s = time.monotonic()
        speech = self._means.ears.listen(self._history.place(time.time_ns() // 1_000_000))
        self._takes[number] = _Take(began_s, speech=speech)
        tones = self._means.chime.tones_hz if self._settings.dictation_sounds else ()
        self._means.scribe.begin(number, Utterance(self._options(), tones))
        if self._hands:
            self._hands.clipboard.keep()
        self._news.append(Sketched(number, ""))

    def _end_of(self, number: int, do: Callable[[Speech], None]) -> None:
        take = self._takes.get(number)
        if take and take.speech:
            do(take.speech)
            if not take.released_s:
                take.released_s = time.monotonic()
                self._time(take, released=take.since_ms())

    def _drop(self, number: int) -> None:
        take = self._takes.pop(number, None)
        self._means.scribe.leave(number)
        if take and take.speech:
            self._history.dropped(take.speech)

    def _listen(self) -> None:
        for number, take in list(self._takes.items()):
            if take.speech:
                self._hear(number, take, take.speech)

    def _hear(self, number: int, take: _Take, speech: Speech) -> None:
        if samples := speech.read():
            self._means.scribe.feed(number, samples)
            self._meter(speech.level)
        if speech.is_open and not take.is_open:
            take.is_open = True
            self._time(take, first_sound=take.since_ms(speech.first_s))
            self._step(events.Opened(number))
            if self._settings.dictation_sounds:
                self._means.chime.start()
        error = speech.error
        if error is None and speech.is_over and speech.is_mute and speech.duration_ms >= MUTE_AFTER_MS:
            error = MicrophoneSilent(name=self._settings.dictation_microphone or _("The microphone"))
        if error and not take.is_failed:
            take.is_failed = True
            self._step(events.MicrophoneFailed(number, error))
        if speech.is_over and self._takes.get(number) is take:
            self._end(number, take, speech)

    def _end(self, number: int, take: _Take, speech: Speech) -> None:
        has_speech = speech.duration_ms >= LEAST_MS and not speech.is_mute
        if has_speech:
            self._means.scribe.end(number)
            self._history.spoken(number, speech, take.target.program if take.target else "")
        else:
            self._means.scribe.leave(number)
            self._history.dropped(speech)
        take.speech = None
        self._time(take, closed=take.since_ms())
        if self._settings.dictation_sounds:
            self._means.chime.end()
        self._step(events.Closed(number, has_speech))

    def _meter(self, level: float) -> None:
        if (now_s := time.monotonic()) - self._leveled_s >= LEVEL_EVERY_S:
            self._leveled_s = now_s
            self._news.append(Loud(level))

    # --- recognition ---

    def _options(self) -> Options:
        own = ", ".join(written for heard, written in self._settings.dictation_words if not heard)
        options = self._settings.dictation_options()
        hotwords = ", ".join(filter(None, (options.hotwords, own)))
        return replace(options, model=self._model, hotwords=hotwords)

    def _on_read(self, news: Read | Unread) -> None:
        if take := self._takes.get(news.number):
            take.read = news
            self._look_at_reading(news.number)

    def _look_at_reading(self, number: int) -> None:
        take = self._takes.get(number)
        if take is None or take.read is None or take.speech:
            return
        read, take.read = take.read, None
        if isinstance(read, Unread):
            self._step(events.RecognitionFailed(number, read.error))
            return
        now_ms = take.since_ms()
        self._time(take, recognised=now_ms, encode=read.encode_ms, decode=read.decode_ms)
        heard = said(read.segments)
        text = tidied(heard, self._settings.tidying(read.language), self._around(number))
        if text:
            self._history.recognised(number, heard, text, read.language, self._model)
        self._step(events.Recognised(number, text))

    def _around(self, number: int) -> Around | None:
        """What stands where the text of a take goes, with what is on its way there already."""
        if not self._settings.dictation_fits:
            return None
        target = self._takes[number].target
        earlier = [
            take.text
            for take in self._dictation.takes
            if take.number < number and take.text and take.number in self._takes
            if self._takes[take.number].target == target
        ]
        if earlier:
            return Around(earlier[-1])
        if self._hands is None or (target and self._focused() != target):
            return None
        return self._hands.caret.around()

    def _on_sketched(self, news: Sketched) -> None:
        shown = self._dictation.shown
        if shown and shown.number == news.number:
            self._news.append(news)

    # --- what is taken and given back ---

    def _hold(self, resource: Resource, is_held: bool) -> None:
        match resource:
            case Resource.CANCEL_KEY if self._hands:
                if is_held:
                    with contextlib.suppress(AppError):  # another program has it: then it does not cancel
                        self._hands.hotkey.grab(Purpose.CANCEL, "Esc")
                else:
                    self._hands.hotkey.let_go(Purpose.CANCEL)
            case Resource.FILES:
                self._means.give_way(not is_held)
            case _:
                pass  # the clipboard is given back by whoever inserts

    def _focused(self) -> Target | None:
        return self._hands.typist.focused() if self._hands else None

    def _tick(self) -> None:
        if (now_s := time.monotonic()) - self._ticked_s < TICK_S:
            return
        self._ticked_s = now_s
        if self._hands and self._settings.dictation_pre_roll_ms:
            self._means.ears.tick()
        if self._is_by_hand and self._hands and self._hands.hotkey.is_down(Purpose.DICTATE) is False:
            self._is_by_hand = False
            self._step(events.Released(_now_ms()))  # its news was lost: a screen was locked in between

    def _on_key(self, news: KeyNews) -> None:
        """On the thread of the hotkey."""
        if news.purpose is Purpose.DICTATE:
            self.do(lambda: self._take_key(news))
        elif news.is_down:
            self.tell(events.Cancelled() if news.purpose is Purpose.CANCEL else events.DropWanted())

    def _take_key(self, news: KeyNews) -> None:
        self._is_by_hand = news.is_down
        self._step(events.Pressed(news.at_ms) if news.is_down else events.Released(news.at_ms))

    # --- settings ---

    def _use(self, settings: Settings) -> None:
        self._settings = settings
        self._dictation = replace(self._dictation, trigger=Trigger(settings.dictation_trigger))
        if not settings.dictation:
            self._switch_off()
            return
        if self._hands is None:
            wanted = {Purpose.DICTATE: settings.dictation_shortcut, Purpose.DROP: settings.dictation_drop_shortcut}
            self._hands = self._means.make_hands(self._on_key, wanted)
        self._grab(Purpose.DICTATE, settings.dictation_shortcut)
        self._offer_to_drop()
        with self._problems_told():
            self._means.ears.use(settings.dictation_microphone, settings.dictation_pre_roll_ms)
        with self._problems_told():
            self._model = self._means.resolve_model(settings.dictation_model)
            self._means.scribe.use(self._options())

    def _offer_to_drop(self) -> None:
        """Its key is taken from the other programs only while a text waits."""
        is_wanted = self._settings.dictation and self._dictation.waiting
        self._grab(Purpose.DROP, self._settings.dictation_drop_shortcut if is_wanted else "")

    def _grab(self, purpose: Purpose, shortcut: str) -> None:
        """One that is refused is not asked for again before it is another one."""
        if self._hands is None or self._wanted_keys.get(purpose, "") == shortcut:
            return
        self._wanted_keys[purpose] = shortcut
        hotkey = self._hands.hotkey
        hotkey.let_go(purpose)
        grabbed = ""
        if shortcut:
            with self._problems_told():
                grabbed = hotkey.grab(purpose, shortcut)
        self._news.append(Grabbed(purpose, grabbed))

    def _switch_off(self) -> None:
        self._step(events.Ended())
        for take in self._takes.values():
            if take.speech:
                take.speech.stop()
        self._means.ears.close()
        self._means.scribe.use(None)
        for purpose in list(self._wanted_keys):
            self._grab(purpose, "")

    def _close(self) -> None:
        """Everything is given back, whatever was under way."""
        self._leaving.set()
        self._texts.put(None)
        for number, take in self._takes.items():
            if take.speech:
                take.speech.stop()
                take.speech.read()
                self._history.spoken(number, take.speech, take.target.program if take.target else "")
        self._takes.clear()
        self._means.give_way(True)
        self._means.ears.close()
        self._means.chime.close()
        if self._hands:
            self._hands.hotkey.close()

    def let_hands_go(self) -> None:
        """Once nothing is inserted any more."""
        if self._hands:
            self._hands.clipboard.close()
            self._hands.typist.close()
            self._hands.caret.close()
            self._hands = None

    # --- small things ---

    def _put(self, text: str) -> None:
        if self._hands:
            with self._problems_told():
                self._hands.clipboard.put(text)

    def _let_wait(self, entry: Entry) -> None:
        rest = tuple(one for one in self._dictation.waiting if one.number != -entry.id)
        self._dictation = replace(self._dictation, waiting=(*rest, Waiting(-entry.id, entry.text)))
        self._news.append(self._dictation)
        self._offer_to_drop()

    def _time(self, take: _Take, **steps: int) -> None:
        take.waterfall = replace(take.waterfall, **steps)

    @contextlib.contextmanager
    def _problems_told(self) -> Iterator[None]:
        try:
            yield
        except AppError as error:
            self._news.append(Told(error))


class _Look:
    """Nothing has happened: time to look at the microphone."""


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def _means(event: Event, number: int) -> bool:
    return isinstance(event, events.DropWanted) and event.number in (0, number)
