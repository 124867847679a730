"""The joints around dictation: its views, the tray, the command line, and the queue that makes room for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from desktop.core import errors
from desktop.core.dictated import Entry
from desktop.core.dictation import Dictation, Waiting
from desktop.core.errors import AppError
from desktop.core.handover import DictationWord
from desktop.core.i18n import _
from desktop.core.ports import Chime, Ears, KeyNews, Microphones, OnTop, Purpose, Recorder, Speech
from desktop.core.settings import Settings
from desktop.engine.client import EngineClient
from desktop.engine.models import Models
from desktop.engine.scribe import Scribe
from desktop.services.dictation import Dictating
from desktop.services.dictation_loop import Hands, Means
from desktop.services.single_instance import SingleInstance
from desktop.store.library import Library
from desktop.store.paths import Paths
from desktop.ui.dictation.history import HistoryWindow
from desktop.ui.dictation.overlay import Overlay
from desktop.ui.dictation.waiting_window import WaitingWindow
from desktop.ui.main_window import MainWindow
from desktop.ui.tray import Tray

LATENCY_S = 0.06
"""What the microphone may hold back: the text waits for it."""
BEGIN_MS = 400
"""After the window is up: what hears and recognises is loaded then."""
TOKEN = "keyboard_token"
OF_A_TEXT = (
    *(errors.TargetMoved, errors.TargetClosed, errors.TargetMissing, errors.TargetDeaf, errors.TargetElevated),
    *(errors.KeysHeld, errors.TypingImpossible, errors.ClipboardUnusable, errors.ClipboardTaken),
)
"""Why a text waits: said where it waits."""


@dataclass(frozen=True, slots=True)
class Views:
    """The windows that have to do with it."""

    window: MainWindow
    tray: Tray
    overlay: Overlay
    waiting: WaitingWindow
    history: HistoryWindow
    on_top: OnTop | None = None
    """What shows the overlay where no window can."""


class LateEars:
    """The Ears port. What it takes to hear is loaded when dictation is switched on, off the window's thread."""

    @cached_property
    def real(self) -> Ears:
        """Takes half a second the first time."""
        from desktop.system.ear import SystemEars
        from desktop.system.microphones import SystemMicrophones

        def prepared() -> Microphones:
            microphones = SystemMicrophones(LATENCY_S)
            microphones.prepare()
            return microphones

        return SystemEars(prepared)

    def use(self, name: str, pre_roll_ms: int) -> None:
        """Listen with the microphone of that name, or the usual one."""
        self.real.use(name, pre_roll_ms)

    def listen(self, path: Path) -> Speech:
        """Begin at once, into a new file."""
        return self.real.listen(path)

    def tick(self) -> None:
        """Keep the last moments in memory, where that is wanted."""
        self.real.tick()

    def close(self) -> None:
        """Let every device go."""
        if "real" in self.__dict__:
            self.real.close()


class LateChime:
    """The Chime port, loaded as late."""

    @cached_property
    def real(self) -> Chime:
        """The sounds of the system."""
        from desktop.system.chime import SystemChime

        return SystemChime()

    @property
    def tones_hz(self) -> tuple[int, ...]:
        """What the first sound is made of."""
        return self.real.tones_hz

    def start(self) -> None:
        """The microphone hears."""
        self.real.start()

    def end(self) -> None:
        """It does not hear any more."""
        self.real.end()

    def close(self) -> None:
        """No sound after this."""
        if "real" in self.__dict__:
            self.real.close()


class DictationDesk(QObject):
    """Makes what reaches into other programs, and connects it with everything that shows it."""

    setting_chosen = Signal(str, object)
    settings_wanted = Signal()
    _token_kept = Signal(str)

    def __init__(
        self,
        views: Views,
        engine: EngineClient,
        recorder: Recorder,
        models: Models,
        library: Library,
        instance: SingleInstance,
        paths: Paths,
        memory: QSettings,
    ) -> None:
        """`engine` is the one of the queue: it begins no other window while somebody dictates."""
        super().__init__()
        self._views, self._instance, self._memory = views, instance, memory
        self._token = str(memory.value(TOKEN, ""))
        self._settings = Settings()
        self._shortcut = self._drop_shortcut = ""
        self._is_begun = False
        means = Means(LateEars(), Scribe(models), LateChime(), self._make_hands, engine.give_way, models.quick)
        self.dictating = Dictating(means, library, recorder, EngineClient(models), paths.dictations)
        self._connect()

    @property
    def is_busy(self) -> bool:
        """Whether something is spoken, recognised or inserted just now."""
        return self.dictating.is_busy

    def use_settings(self, settings: Settings) -> None:
        """Dictate from then on as they say."""
        self._settings = settings
        self._instance.takes_dictation = settings.dictation
        self._views.overlay.use_place(settings.dictation_place)
        self._views.history.use_settings(settings)
        self._views.tray.use_settings(settings)
        self._views.window.commands.allow_dictation(settings, Dictation())
        if self._is_begun:
            self.dictating.use_settings(settings)

    def start(self) -> None:
        """Begin, a moment after the window."""
        QTimer.singleShot(BEGIN_MS, self, self._begin)

    def close(self) -> None:
        """Give everything back and take the windows away."""
        self._is_begun = True
        for view in (self._views.overlay, self._views.waiting, self._views.history):
            view.hide()
        self.dictating.close()
        if self._views.on_top:
            self._views.on_top.close()

    @Slot()
    def _begin(self) -> None:
        if not self._is_begun:
            self._is_begun = True
            self.dictating.use_settings(self._settings)
            self.dictating.recover()

    def _connect(self) -> None:
        dictating, views = self.dictating, self._views

        dictating.changed.connect(views.overlay.show_dictation)
        dictating.changed.connect(views.tray.show_dictation)
        dictating.changed.connect(self._on_changed)
        dictating.level.connect(views.overlay.show_level)
        dictating.preview.connect(views.overlay.show_text)
        dictating.nothing_heard.connect(views.overlay.show_nothing)
        dictating.waiting.connect(self._on_waiting)
        dictating.said.connect(self._on_said)
        dictating.recovered.connect(self._on_recovered)
        dictating.shortcut_changed.connect(self._on_shortcut_changed)
        dictating.drop_shortcut_changed.connect(self._on_drop_shortcut_changed)
        dictating.entries.connect(views.history.show_entries)
        dictating.kept.connect(views.history.show_entry)
        dictating.forgotten.connect(views.history.forget)

        views.overlay.place_changed.connect(self._on_place_changed)
        views.waiting.drop_wanted.connect(dictating.drop)
        views.waiting.copy_wanted.connect(dictating.copy_text)
        views.waiting.dismiss_wanted.connect(dictating.dismiss)
        views.history.look_wanted.connect(dictating.look)
        views.history.copy_wanted.connect(dictating.copy)
        views.history.insert_wanted.connect(dictating.insert_again)
        views.history.hear_again_wanted.connect(dictating.hear_again)
        views.history.forget_wanted.connect(dictating.forget)
        views.history.forget_all_wanted.connect(dictating.forget_all)
        views.history.settings_wanted.connect(self.settings_wanted)

        views.tray.dictate_wanted.connect(dictating.toggle)
        views.tray.dictate_cancel_wanted.connect(dictating.cancel)
        views.tray.drop_wanted.connect(dictating.drop)
        views.tray.copy_waiting_wanted.connect(dictating.copy_text)
        views.tray.dictations_wanted.connect(views.history.open)
        commands = views.window.commands
        commands.dictate.triggered.connect(self._on_dictate_triggered)
        commands.dictations.triggered.connect(self._on_dictations_triggered)

        self._instance.dictation_wanted.connect(self._on_word)
        self._token_kept.connect(self._on_token_kept)

    # --- wishes ---

    @Slot(object)
    def _on_word(self, word: DictationWord) -> None:
        wishes: Mapping[DictationWord, Callable[[], None]] = {
            DictationWord.PRESS: self.dictating.press,
            DictationWord.RELEASE: self.dictating.release,
            DictationWord.TOGGLE: self.dictating.toggle,
            DictationWord.CANCEL: self.dictating.cancel,
            DictationWord.INSERT: self.dictating.drop,
        }
        wishes[word]()

    @Slot()
    def _on_dictate_triggered(self) -> None:
        self.dictating.toggle()

    @Slot()
    def _on_dictations_triggered(self) -> None:
        self._views.history.open()

    @Slot(str)
    def _on_place_changed(self, place: str) -> None:
        self.setting_chosen.emit("dictation_place", place)

    # --- news ---

    @Slot(object)
    def _on_changed(self, dictation: Dictation) -> None:
        self._views.window.commands.allow_dictation(self._settings, dictation)

    @Slot(object)
    def _on_waiting(self, waiting: Sequence[Waiting]) -> None:
        self._views.waiting.use_tray(self._views.tray.place())
        self._views.waiting.show_waiting(waiting)

    @Slot(object)
    def _on_said(self, error: AppError) -> None:
        """Where the user looks: at the text that waits, at the overlay, in the window, else on the desktop."""
        views = self._views
        if isinstance(error, OF_A_TEXT):
            views.waiting.show_reason(error)
        elif views.history.isVisible():
            views.history.show_error(error)
        elif not views.overlay.show_error(error):
            self._tell(error.said_headline, error.said_advice)

    @Slot(object)
    def _on_recovered(self, _entry: Entry) -> None:
        self._tell(_("A dictation that was cut off is there again."), _("Its text waits to be inserted."))

    def _tell(self, headline: str, advice: str) -> None:
        if self._views.window.isVisible():
            self._views.window.notices.show_notice(f"{headline} {advice}".strip())
        else:
            self._views.tray.notify(headline, advice)

    @Slot(str)
    def _on_shortcut_changed(self, shortcut: str) -> None:
        self._shortcut = shortcut
        self._views.overlay.use_keys(self._shortcut, self._drop_shortcut)
        self._views.tray.use_keys(self._shortcut, self._drop_shortcut)

    @Slot(str)
    def _on_drop_shortcut_changed(self, shortcut: str) -> None:
        self._drop_shortcut = shortcut
        self._views.overlay.use_keys(self._shortcut, self._drop_shortcut)
        self._views.tray.use_keys(self._shortcut, self._drop_shortcut)
        self._views.waiting.use_key(shortcut)

    # --- what reaches into other programs ---

    def _make_hands(self, on_key: Callable[[KeyNews], None], wanted: Mapping[Purpose, str]) -> Hands:
        """On the thread of the loop: a dialog of the desktop may have to be answered first."""
        from desktop.system import caret, hotkey, typist
        from desktop.system.clipboard.apart import ClipboardApart

        return Hands(
            hotkey.choose(on_key, wanted),
            typist.choose(self._token, self._token_kept.emit),
            ClipboardApart(),
            caret.choose(),
        )

    @Slot(str)
    def _on_token_kept(self, token: str) -> None:
        self._token = token
        self._memory.setValue(TOKEN, token)


def make_views(window: MainWindow, tray: Tray, models: Sequence[tuple[str, str]], memory: QSettings) -> Views:
    """The windows of dictation, beside those that are there."""
    on_top = _on_top()
    return Views(window, tray, Overlay(memory, on_top), WaitingWindow(), HistoryWindow(models), on_top)


def _on_top() -> OnTop | None:
    """What shows the sign of dictation on Wayland, where the compositor lets a program do that."""
    if not QGuiApplication.platformName().startswith("wayland"):
        return None
    from desktop.system.layer import LayerPicture
    from desktop.system.wayland import NoCompositor

    try:
        return LayerPicture()
    except NoCompositor:
        return None
