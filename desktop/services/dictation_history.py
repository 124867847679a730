"""The history of dictations: kept while they happen, so that neither sound nor text is lost with the program."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop.core.dictated import Entry, EntryId, Outcome
from desktop.core.errors import AppError, NoSound
from desktop.core.events import Heard
from desktop.core.options import Options
from desktop.core.ports import Library, Recorder, Speech, Transcriber, Work
from desktop.core.recording import SUFFIX
from desktop.core.settings import Settings, days_kept
from desktop.core.spoken import said, tidied
from desktop.core.transcript import Segment
from desktop.services.errand import Errand
from desktop.services.ledger import Ledger

DAY_MS = 86_400_000

log = logging.getLogger(__name__)


class DictationHistory(QObject):
    """Everything is written in the order in which it happened, off the window's thread.

    What happens to a take may be told from any thread; it is known by its number until the program ends. Where the
    user wants no history, an entry goes as soon as its text is in another program.
    """

    kept = Signal(object)
    forgotten = Signal(object)
    entries = Signal(object)
    recovered = Signal(object)
    """An `Entry`: its text is there, and the user does not know yet."""
    failed = Signal(object)

    def __init__(self, library: Library, recorder: Recorder, transcriber: Transcriber, folder: Path) -> None:
        """`transcriber` is for sound that is heard once more; it ends its process when it has nothing to do."""
        super().__init__()
        self._library = library
        self._recorder = recorder
        self._transcriber = transcriber
        self._folder = folder
        self._settings = Settings()
        self._of_take: dict[int, Entry] = {}
        """Only used on the thread of the ledger."""
        self._ledger = Ledger()
        self._ledger.failed.connect(self.failed)
        self._errand = Errand()
        self._errand.produced.connect(self._on_heard_again)
        self._errand.failed.connect(self.failed)
        self._errand.ended.connect(self._on_errand_ended)
        self._waits: list[tuple[Entry, Options]] = []
        self._is_closed = False

    def use_settings(self, settings: Settings) -> None:
        """Keep things as long as they say, from here on."""
        self._settings = settings
        self._ledger.do(self._clear_out, self._tell_forgotten)

    def place(self, spoken_ms: int) -> Path:
        """Where the sound of a dictation goes."""
        return self._folder / f"{spoken_ms}{SUFFIX}"

    # --- what happens to a take, from any thread ---

    def spoken(self, take: int, speech: Speech, program: str) -> None:
        """Its sound is complete. The file is finished here, since a disk may be slow."""
        self._ledger.do(partial(self._spoken, take, speech, program), self._tell)

    def dropped(self, speech: Speech) -> None:
        """Nobody wants it."""
        self._ledger.do(partial(speech.close, keep=False))

    def unheard(self, take: int) -> None:
        """Nothing was said."""
        self._ledger.do(partial(self._unheard, take), self._tell_forgotten)

    def recognised(self, take: int, heard: str, text: str, language: str, model: str) -> None:
        """Its text is known."""
        change = partial(replace, heard=heard, text=text, language=language, model=model, outcome=Outcome.WAITING)
        self._ledger.do(partial(self._changed, take, change), self._tell)

    def inserted(self, take: int) -> None:
        """Another program has it."""
        self._ledger.do(partial(self._changed, take, partial(replace, outcome=Outcome.INSERTED)), self._tell)
        self._ledger.do(partial(self._over, take), self._tell_forgotten)

    def dismissed(self, take: int) -> None:
        """The user does not want it to wait."""
        self._ledger.do(partial(self._over, take), self._tell_forgotten)

    def renamed(self, take: int, now: int) -> None:
        """A text that waited is another take."""
        self._ledger.do(partial(self._rename, take, now))

    # --- wishes ---

    def look(self) -> None:
        """Tell all entries."""
        self._ledger.do(self._library.entries, lambda found: self.entries.emit(tuple(found)))

    def forget(self, entry_ids: Sequence[EntryId]) -> None:
        """Delete entries with their sound."""
        self._ledger.do(partial(self._forget, tuple(entry_ids)), self._tell_forgotten)

    def forget_all(self) -> None:
        """Delete everything that is not under way."""
        self._ledger.do(self._forget_all, self._tell_forgotten)

    def find(self, entry_id: EntryId, then: Callable[[Entry], None]) -> None:
        """Give an entry to somebody, if it is there."""
        self._ledger.do(partial(self._library.entry, entry_id), lambda entry: then(entry) if entry else None)

    def hear_again(self, entry: Entry, options: Options) -> None:
        """Recognise its sound, after what is being recognised again already."""
        if entry.sound:
            self._waits.append((entry, options))
            self._next()

    def recover(self, options: Options) -> None:
        """Find sound that never became text since the program was ended, and recognise it."""

        def hear(found: Sequence[Entry]) -> None:
            for entry in found:
                self.hear_again(entry, options)

        self._ledger.do(self._cut_off, hear)

    def waiting(self, then: Callable[[Sequence[Entry]], None]) -> None:
        """The texts of the last day that never came into another program, the oldest first."""
        self._ledger.do(self._waiting, then)

    def close(self) -> None:
        """Finish what was begun."""
        self._is_closed = True
        self._waits.clear()
        self._errand.close()
        self._transcriber.close()
        self._ledger.close()

    # --- on the thread of the ledger ---

    def _spoken(self, take: int, speech: Speech, program: str) -> Entry:
        is_whole = speech.close(keep=True)
        spoken_ms = int(speech.path.stem)
        sound = speech.path if is_whole else None
        self._of_take[take] = self._library.keep_entry(
            Entry(spoken_ms=spoken_ms, duration_ms=speech.duration_ms, program=program, sound=sound)
        )
        return self._of_take[take]

    def _unheard(self, take: int) -> tuple[EntryId, ...]:
        entry = self._of_take.pop(take, None)
        return self._delete([entry]) if entry else ()

    def _changed(self, take: int, change: Callable[[Entry], Entry]) -> Entry | None:
        if entry := self._of_take.get(take):
            self._of_take[take] = self._library.keep_entry(change(entry))
        return self._of_take.get(take)

    def _rename(self, take: int, now: int) -> None:
        entry = self._of_take.pop(take, None) or (self._library.entry(-take) if take < 0 else None)
        if entry:
            self._of_take[now] = entry

    def _over(self, take: int) -> tuple[EntryId, ...]:
        self._rename(take, take)
        entry = self._of_take.pop(take, None)
        if entry is None:
            return ()
        if days_kept(self._settings.dictation_history) == 0:
            return self._delete([entry])
        if days_kept(self._settings.dictation_sound_time) == 0 and entry.sound:
            entry.sound.unlink(missing_ok=True)
            self._library.keep_entry(replace(entry, sound=None))
        return ()

    def _clear_out(self) -> tuple[EntryId, ...]:
        """Delete what is older than the user wants; what is under way stays."""
        now_ms = time.time_ns() // 1_000_000
        texts, sounds = days_kept(self._settings.dictation_history), days_kept(self._settings.dictation_sound_time)
        over = []
        for entry in self._finished():
            age_ms = now_ms - entry.spoken_ms
            if texts is not None and age_ms >= texts * DAY_MS:
                over.append(entry)
            elif entry.sound and sounds is not None and age_ms >= sounds * DAY_MS:
                with contextlib.suppress(OSError):
                    entry.sound.unlink(missing_ok=True)
                self._library.keep_entry(replace(entry, sound=None))
        return self._delete(over)

    def _finished(self) -> list[Entry]:
        """Entries whose text is in another program, or which nobody waits for any more."""
        at_work = {entry.id for entry in self._of_take.values()}
        day_ago = time.time_ns() // 1_000_000 - DAY_MS
        return [
            entry
            for entry in self._library.entries()
            if entry.id not in at_work and (entry.outcome is Outcome.INSERTED or entry.spoken_ms < day_ago)
        ]

    def _forget(self, entry_ids: tuple[EntryId, ...]) -> tuple[EntryId, ...]:
        return self._delete([entry for entry in map(self._library.entry, entry_ids) if entry])

    def _forget_all(self) -> tuple[EntryId, ...]:
        at_work = {entry.id for entry in self._of_take.values()}
        return self._delete([entry for entry in self._library.entries() if entry.id not in at_work])

    def _delete(self, entries: Sequence[Entry]) -> tuple[EntryId, ...]:
        """The files first: what is left of them after a crash would have no entry."""
        for entry in entries:
            if entry.sound:
                with contextlib.suppress(OSError):
                    entry.sound.unlink(missing_ok=True)
        ids = tuple(entry.id for entry in entries)
        self._library.forget_entries(ids)
        return ids

    def _cut_off(self) -> list[Entry]:
        entries = self._library.entries()
        known = {entry.sound for entry in entries if entry.sound}
        found = [entry for entry in entries if entry.outcome is Outcome.SPOKEN and entry.sound]
        for path in sorted(self._folder.glob(f"*{SUFFIX}")) if self._folder.is_dir() else ():
            is_left = path not in known and path.stem.isdecimal() and not self._recorder.is_growing(path)
            if is_left and (entry := self._repaired(path)):
                found.append(entry)
        return found

    def _repaired(self, path: Path) -> Entry | None:
        try:
            lasted_ms = max(0, round(path.stat().st_mtime * 1000) - int(path.stem))
            self._recorder.repair(path)
        except NoSound:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            return None
        except (AppError, OSError) as error:  # a full disk, perhaps: the next start tries again
            log.warning("a dictation that was cut off cannot be read: %s", type(error).__name__)
            return None
        return self._library.keep_entry(Entry(spoken_ms=int(path.stem), duration_ms=lasted_ms, sound=path))

    def _waiting(self) -> list[Entry]:
        day_ago = time.time_ns() // 1_000_000 - DAY_MS
        there = [one for one in self._library.entries() if one.outcome is Outcome.WAITING and one.text]
        return [one for one in reversed(there) if one.spoken_ms >= day_ago]

    # --- hearing once more ---

    def _next(self) -> None:
        if self._waits and not self._errand.is_at_work and not self._is_closed:
            self._errand.begin(partial(self._heard_again, *self._waits.pop(0)))

    def _heard_again(self, entry: Entry, options: Options, stop: threading.Event) -> Iterator[Entry]:
        assert entry.sound
        segments: list[Segment] = []
        language = ""
        for news in self._transcriber.transcribe(Work(entry.sound, options), stop):
            if isinstance(news, Heard):
                segments += [replace(one, text=f" {one.text}") for one in news.segments]
                language = news.language
        if stop.is_set():
            return
        heard = said(segments)
        outcome = entry.outcome if entry.outcome is not Outcome.SPOKEN else Outcome.WAITING
        yield replace(
            entry,
            heard=heard,
            text=tidied(heard, self._settings.tidying(language)),
            language=language,
            model=options.model,
            outcome=outcome,
        )

    @Slot(object)
    def _on_heard_again(self, entry: Entry) -> None:
        is_new = entry.outcome is Outcome.WAITING
        if not entry.text and is_new:
            self.forget([entry.id])
            return

        def tell(kept: Entry) -> None:
            self.kept.emit(kept)
            if is_new:
                self.recovered.emit(kept)

        self._ledger.do(partial(self._library.keep_entry, entry), tell)

    @Slot()
    def _on_errand_ended(self) -> None:
        if self._waits:
            self._next()
        else:
            self._transcriber.close()

    # --- on the main thread ---

    def _tell(self, entry: Entry | None) -> None:
        if entry:
            self.kept.emit(entry)

    def _tell_forgotten(self, entry_ids: tuple[EntryId, ...]) -> None:
        if entry_ids:
            self.forgotten.emit(entry_ids)
