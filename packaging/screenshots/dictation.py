"""The pictures of dictation: its sign, the texts that wait, the history, the settings.

The windows are the real ones; what they show is told to them here, so that every state of the sign holds still.
"""

import math
import os
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSettings
from PySide6.QtGui import QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from desktop.core.dictated import Entry, Outcome
from desktop.core.dictation import Dictation, Stage, Take, Waiting
from desktop.core.errors import HotkeyTaken, MicrophoneGone, TargetClosed
from desktop.core.settings import DICTATION, Settings
from desktop.store.paths import Paths
from desktop.ui import icons
from desktop.ui.dictation.history import HistoryWindow
from desktop.ui.dictation.overlay import Overlay
from desktop.ui.dictation.waiting_window import WaitingWindow
from desktop.ui.settings_dialog import SettingsDialog
from desktop.ui.theme import Theme
from screenshots.stage import THEMES

KEY, DROP_KEY = "Ctrl+Alt+Space", "Ctrl+Alt+V"
SHORT = "We will send the report on Friday, and the numbers a week later."
LONG = (
    "Dear Anna, thank you for your letter of last week. We have looked at the three proposals and think that the "
    "second one fits best. Peter will call you on Monday about the dates."
)
VOICE = [0.02 + 0.16 * abs(math.sin(1.7 * at)) * abs(math.sin(0.6 * at)) for at in range(16)]
GAP = 16


def take_all(target: Path) -> None:
    """Every picture in both themes."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication([])
    icons.use(Paths.default().icons)
    with tempfile.TemporaryDirectory() as folder:
        for name in THEMES:
            theme = Theme(app, Path(folder) / name, name)
            memory = QSettings(str(Path(folder) / "memory.ini"), QSettings.Format.IniFormat)
            _stack([_overlay(memory, *state) for state in STATES]).save(str(target / f"dictation-overlay-{name}.png"))
            _waiting().save(str(target / f"waiting-text-{name}.png"))
            _history(Path(folder)).save(str(target / f"dictations-{name}.png"))
            for number, part in enumerate(_settings(), 1):
                part.save(str(target / f"dictation-settings-{number}-{name}.png"))
            del theme


STATES: tuple[tuple[Take, str, str], ...] = (
    (Take(1, Stage.PRESSED), "", ""),
    (Take(1, Stage.LATCHED, is_open=True), "", ""),
    (Take(1, Stage.PRESSED, is_open=True), "we will send the report on Friday", ""),
    (Take(1, Stage.LATCHED, is_open=True), LONG, ""),
    (Take(1, Stage.RECOGNISING, is_open=True), SHORT, ""),
    (Take(1, Stage.INSERTING, text=SHORT), "", "inserted"),
    (Take(1, Stage.INSERTING, text=SHORT), "", "kept"),
    (Take(1, Stage.PRESSED, is_open=True), "", "cancelled"),
    (Take(1, Stage.RECOGNISING), "", "nothing"),
    (Take(1, Stage.RECOGNISING), "", "failed"),
)


def _overlay(memory: QSettings, take: Take, text: str, end: str) -> Overlay:
    """The sign in one of its states."""
    overlay = Overlay(memory)
    overlay.use_keys(KEY, DROP_KEY)
    overlay.show_dictation(Dictation(takes=(take,), key_is_down=take.stage is Stage.PRESSED))
    if take.is_open:
        for level in VOICE:
            overlay.bars.show_level(level)
        overlay.time.setText("0:07")
    if take.stage is Stage.RECOGNISING:
        overlay.bars.show_rest()
    if text:
        overlay.show_text(text)
    if end:
        waiting = (Waiting(1, take.text),) if end == "kept" else ()
        overlay.show_dictation(Dictation(waiting=waiting))
    if end == "nothing":
        overlay.show_nothing()
    if end == "failed":
        overlay.show_error(MicrophoneGone(name="Headset"))
    return overlay


def _waiting() -> QImage:
    window = WaitingWindow()
    window.use_key(DROP_KEY)
    window.use_tray(QRect(760, 580, 22, 22))
    window.show_waiting((Waiting(1, SHORT),))
    window.show_waiting((Waiting(1, SHORT), Waiting(2, LONG)))
    window.show_reason(TargetClosed())
    return _picture(window)


def _history(folder: Path) -> QImage:
    sound = folder / "sound.flac"
    now = round(time.time() * 1000)
    told = (
        (0.1, LONG, "thunderbird", Outcome.INSERTED, sound),
        (0.3, SHORT, "libreoffice", Outcome.WAITING, sound),
        (0.9, "Yes, that works for me.", "slack", Outcome.INSERTED, sound),
        (2, "", "", Outcome.SPOKEN, sound),
        (26, "Milk, bread, two kilos of apples.", "gedit", Outcome.INSERTED, None),
        (27, "The meeting moves to Thursday.\nPlease bring the plans.", "thunderbird", Outcome.INSERTED, None),
        (74, "git log, the last ten commits.", "kitty", Outcome.INSERTED, None),
    )
    window = HistoryWindow((("auto", "Automatic"), ("small", "small"), ("base", "base")))
    window.show_entries(
        [
            Entry(
                id=len(told) - at,
                spoken_ms=round(now - hours * 3_600_000),
                duration_ms=60 * len(text) + 2_000,
                text=text,
                heard=text.replace("Anna,", "Anna"),
                language="en",
                model="small",
                program=program,
                outcome=outcome,
                sound=sound,
            )
            for at, (hours, text, program, outcome, sound) in enumerate(told)
        ]
    )
    return _picture(window)


def _settings() -> list[QImage]:
    """The page from its beginning to its end."""
    dialog = SettingsDialog((("auto", "Automatic"), ("small", "small")))
    settings = Settings(
        dictation_words=(("under tone", "Undertone"), ("", "Zoë"), ("my address", "12 Mill Lane, York")),
        dictation_methods=(("code", "terminal"), ("keepassxc", "type")),
    )
    dialog.show_settings(settings)
    dialog.show_page(DICTATION)
    dialog.show_shortcut("dictation_shortcut", KEY)
    dialog.show_shortcut("dictation_drop_shortcut", "", HotkeyTaken(shortcut=DROP_KEY))
    pictures = [_picture(dialog)]
    bar = dialog.findChild(QScrollArea).verticalScrollBar()
    dialog.show()
    for part in (0.55, 1):
        bar.setValue(round(part * bar.maximum()))
        pictures.append(_picture(dialog))
    return pictures


def _picture(widget: QWidget) -> QImage:
    widget.show()
    QApplication.processEvents()
    image = widget.grab().toImage()
    widget.hide()
    return image


def _stack(widgets: list[Overlay]) -> QImage:
    """Pictures of windows below each other, round as they are."""
    ground = QApplication.palette().color(QPalette.ColorRole.Mid)
    pictures = [(_picture(widget), widget.mask()) for widget in widgets]
    width = max(picture.width() for picture, _mask in pictures) + 2 * GAP
    height = sum(picture.height() + GAP for picture, _mask in pictures) + GAP
    whole = QImage(width, height, QImage.Format.Format_RGB32)
    whole.fill(ground)
    painter = QPainter(whole)
    y = GAP
    for picture, mask in pictures:
        painter.setClipRegion(mask.translated(GAP, y))
        painter.drawImage(QPoint(GAP, y), picture)
        y += picture.height() + GAP
    painter.end()
    return whole
