"""The sign of dictation: what it shows of each stage and each end, where it stands, and that it goes again."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.core.dictation import Dictation, Stage, Take, Waiting
from desktop.core.errors import EngineKilled, MicrophoneGone
from desktop.core.settings import NOWHERE, OWN_PLACE, TOP
from desktop.ui.dictation.level_bars import COUNT, LevelBars
from desktop.ui.dictation.overlay import AWAY, LEAST_HEIGHT, STAYS_MS, Overlay
from desktop.ui.dictation.signs import Sign, end_of, said, sign_of
from desktop.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
TEXT = "We will send the report."
LONG = "We will send the report on Friday and the numbers a week later. " * 6


@pytest.fixture
def memory(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "memory.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def overlay(qtbot: QtBot, memory: QSettings, look: Theme) -> Overlay:
    one = Overlay(memory)
    one.use_keys("Ctrl+Alt+Space", "Ctrl+Alt+V")
    qtbot.addWidget(one)
    return one


def dictating(stage: Stage, number: int = 1, is_down: bool = False, **take: object) -> Dictation:
    return Dictation(takes=(Take(number, stage, **take),), key_is_down=is_down)  # type: ignore[arg-type]


def test_every_sign_has_words_of_its_own() -> None:
    assert len({said(sign) for sign in Sign}) == len(Sign)


@pytest.mark.parametrize(
    ("stage", "is_open", "key_is_down", "sign"),
    [
        (Stage.PRESSED, False, True, Sign.OPENING),
        (Stage.PRESSED, True, True, Sign.LISTENING),
        (Stage.LATCHED, True, False, Sign.LISTENING),
        (Stage.FINISHING, True, False, Sign.RECOGNISING),
        (Stage.RECOGNISING, True, False, Sign.RECOGNISING),
        (Stage.READY, True, True, Sign.READY),
        (Stage.READY, True, False, Sign.INSERTING),
        (Stage.INSERTING, True, False, Sign.INSERTING),
    ],
)
def test_each_stage_has_its_sign(overlay: Overlay, stage: Stage, is_open: bool, key_is_down: bool, sign: Sign) -> None:
    assert sign_of(Take(1, stage, is_open=is_open), key_is_down) is sign
    overlay.show_dictation(dictating(stage, is_down=key_is_down, is_open=is_open))
    assert overlay.isVisible()
    assert overlay.sign.sign is sign
    assert overlay.words.text.startswith(said(sign))


@pytest.mark.parametrize(
    ("take", "after", "sign"),
    [
        (Take(1, Stage.INSERTING), Dictation(), Sign.INSERTED),
        (Take(1, Stage.INSERTING), Dictation(waiting=(Waiting(1, TEXT),)), Sign.KEPT),
        (Take(1, Stage.LATCHED), Dictation(), Sign.CANCELLED),
        (Take(1, Stage.FINISHING, is_broken=True), Dictation(), Sign.FAILED),
        (Take(1, Stage.RECOGNISING), dictating(Stage.RECOGNISING), None),
    ],
)
def test_each_end_has_its_sign(take: Take, after: Dictation, sign: Sign | None) -> None:
    assert end_of(take, after) is sign


def test_an_end_is_seen_for_a_while_and_then_nothing(
    qtbot: QtBot, overlay: Overlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(STAYS_MS, Sign.INSERTED, 10)
    overlay.show_dictation(dictating(Stage.INSERTING, text=TEXT))
    overlay.show_dictation(Dictation())
    assert overlay.sign.sign is Sign.INSERTED
    assert TEXT in overlay.words.text
    qtbot.waitUntil(overlay.isHidden)


def test_a_text_that_waits_tells_its_key(overlay: Overlay) -> None:
    overlay.show_dictation(dictating(Stage.INSERTING, text=TEXT))
    overlay.show_dictation(Dictation(waiting=(Waiting(1, TEXT),)))
    assert overlay.sign.sign is Sign.KEPT
    assert "Ctrl+Alt+V" in overlay.words.text
    overlay.use_keys("", "F9")  # taken only while something waits
    assert "F9" in overlay.words.text


@pytest.mark.parametrize("is_told_first", [True, False])
def test_a_take_that_failed_says_why(overlay: Overlay, is_told_first: bool) -> None:
    overlay.show_dictation(dictating(Stage.RECOGNISING))
    news = [lambda: overlay.show_error(EngineKilled(signal="9")), lambda: overlay.show_dictation(Dictation())]
    for tell in news if is_told_first else reversed(news):
        assert tell() in (True, None)
    assert overlay.sign.sign is Sign.FAILED
    assert EngineKilled(signal="9").said_headline in overlay.words.text


@pytest.mark.parametrize("is_told_first", [True, False])
def test_nothing_heard_is_said_in_passing(overlay: Overlay, is_told_first: bool) -> None:
    overlay.show_dictation(dictating(Stage.RECOGNISING))
    news = [overlay.show_nothing, lambda: overlay.show_dictation(Dictation())]
    for tell in news if is_told_first else reversed(news):
        tell()
    assert overlay.sign.sign is Sign.NOTHING


def test_a_microphone_that_fails_is_told_while_the_rest_is_recognised(overlay: Overlay) -> None:
    gone = MicrophoneGone(name="Headset")
    overlay.show_dictation(dictating(Stage.PRESSED, is_open=True))
    overlay.show_error(gone)
    overlay.show_dictation(dictating(Stage.FINISHING, is_open=True, is_broken=True))
    assert gone.said_headline in overlay.words.text
    overlay.show_dictation(dictating(Stage.INSERTING, is_broken=True, text=TEXT))
    overlay.show_dictation(Dictation())
    assert overlay.sign.sign is Sign.INSERTED
    assert gone.said_headline in overlay.words.text


def test_an_error_of_one_take_is_not_that_of_the_next(overlay: Overlay) -> None:
    overlay.show_dictation(dictating(Stage.RECOGNISING))
    overlay.show_error(EngineKilled(signal="9"))
    overlay.show_dictation(dictating(Stage.PRESSED, number=2))
    overlay.show_dictation(Dictation())
    assert overlay.sign.sign is Sign.CANCELLED


def test_what_concerns_no_dictation_is_not_shown(overlay: Overlay) -> None:
    assert not overlay.show_error(EngineKilled(signal="9"))
    assert overlay.isHidden()
    overlay.show_dictation(dictating(Stage.PRESSED, is_open=True))
    assert not overlay.show_error(EngineKilled(signal="9"))
    assert overlay.sign.sign is Sign.LISTENING


def test_the_next_take_begins_anew(overlay: Overlay) -> None:
    overlay.show_dictation(dictating(Stage.LATCHED, is_open=True))
    overlay.show_level(0.3)
    overlay.show_text("the first")
    overlay.show_dictation(Dictation())
    overlay.show_dictation(dictating(Stage.PRESSED, number=2, is_open=True))
    assert overlay.sign.sign is Sign.LISTENING
    assert "the first" not in overlay.words.text
    assert overlay.bars.bars == [0.0] * COUNT
    assert overlay.time.text() == "0:00"


@given(st.floats(allow_nan=False))
def test_any_level_is_a_bar(qapp: QApplication, level: float) -> None:
    bars = LevelBars()
    bars.show_level(level)
    assert len(bars.bars) == COUNT
    assert 0 <= bars.bars[-1] <= 1


def test_levels_move_the_bars_only_while_it_listens(overlay: Overlay) -> None:
    overlay.show_dictation(dictating(Stage.PRESSED, is_open=True))
    overlay.show_level(0.2)
    assert overlay.bars.bars[-1] > 0.5
    overlay.show_dictation(dictating(Stage.RECOGNISING, is_open=True))
    overlay.show_level(0.9)
    assert overlay.bars.bars[-1] < 1


def test_it_stands_at_the_bottom_and_grows_upwards(overlay: Overlay) -> None:
    room = overlay.screen().availableGeometry()
    overlay.show_dictation(dictating(Stage.LATCHED, is_open=True))
    low = overlay.geometry()
    assert abs(low.center().x() - room.center().x()) <= 1
    assert room.bottom() - low.bottom() == AWAY
    overlay.show_dictation(Dictation())
    assert overlay.sign.sign is Sign.CANCELLED
    assert overlay.show_error(
        MicrophoneGone(name="A headset with a long name, which says much more than fits in a line")
    )
    assert overlay.height() > LEAST_HEIGHT
    assert overlay.geometry().bottom() == low.bottom()


def test_a_long_text_shows_its_end(overlay: Overlay) -> None:
    overlay.show_dictation(dictating(Stage.LATCHED, is_open=True))
    overlay.show_text(LONG)
    assert overlay.words.shown_lines[-1].endswith("later.")
    assert len(overlay.words.shown_lines) == 2


def test_it_can_be_at_the_top_or_nowhere(overlay: Overlay) -> None:
    overlay.use_place(NOWHERE)
    overlay.show_dictation(dictating(Stage.LATCHED, is_open=True))
    assert overlay.isHidden()
    overlay.use_place(TOP)
    overlay.show_dictation(dictating(Stage.LATCHED, is_open=True))
    assert overlay.geometry().top() == overlay.screen().availableGeometry().top() + AWAY


def test_it_can_be_drawn_elsewhere_and_comes_back_there(qtbot: QtBot, overlay: Overlay, memory: QSettings) -> None:
    overlay.show_dictation(dictating(Stage.LATCHED, is_open=True))
    start = overlay.pos()
    qtbot.mousePress(overlay, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    qtbot.mouseMove(overlay, QPoint(58, 8 - 90))
    with qtbot.waitSignal(overlay.place_changed) as told:
        qtbot.mouseRelease(overlay, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert told.args == [OWN_PLACE]
    assert overlay.pos() == start + QPoint(50, -90)

    again = Overlay(memory)
    qtbot.addWidget(again)
    again.use_place(OWN_PLACE)
    again.show_dictation(dictating(Stage.LATCHED, is_open=True))
    assert again.pos() == overlay.pos()


def test_a_place_off_the_screen_is_not_used(qtbot: QtBot, overlay: Overlay, memory: QSettings) -> None:
    memory.setValue("dictation_place", QPoint(9_000, 9_000))
    overlay.use_place(OWN_PLACE)
    overlay.show_dictation(dictating(Stage.LATCHED, is_open=True))
    assert overlay.screen().availableGeometry().contains(overlay.geometry())


def test_a_click_lets_go_of_an_end_but_not_of_a_take(qtbot: QtBot, overlay: Overlay) -> None:
    overlay.show_dictation(dictating(Stage.LATCHED, is_open=True))
    qtbot.mouseClick(overlay, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert overlay.isVisible()
    overlay.show_dictation(Dictation())
    qtbot.mouseClick(overlay, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert overlay.isHidden()


def test_it_never_asks_for_the_keyboard(overlay: Overlay) -> None:
    overlay.show_dictation(dictating(Stage.LATCHED, is_open=True))
    assert overlay.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert overlay.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert not overlay.isActiveWindow()


class Screen:
    """The OnTop port: what is shown on it."""

    def __init__(self) -> None:
        self.shown: list[tuple[QImage, bool]] = []
        self.is_shown = False

    def show(self, pixels: bytes, size: tuple[int, int], scale: int, is_at_top: bool) -> None:
        assert len(pixels) == 4 * size[0] * size[1]
        assert scale == 1
        image = QImage(pixels, *size, QImage.Format.Format_ARGB32_Premultiplied).copy()
        self.shown.append((image, is_at_top))
        self.is_shown = True

    def hide(self) -> None:
        self.is_shown = False

    def close(self) -> None: ...


def test_where_no_window_can_be_it_is_a_picture(qtbot: QtBot, memory: QSettings, look: Theme) -> None:
    screen = Screen()
    overlay = Overlay(memory, screen)
    qtbot.addWidget(overlay)
    overlay.use_place(TOP)
    overlay.show_dictation(dictating(Stage.LATCHED, is_open=True))
    qtbot.waitUntil(lambda: screen.is_shown)
    image, is_at_top = screen.shown[-1]
    assert (image.width(), image.height()) == (overlay.width(), overlay.height())
    assert is_at_top
    assert image.pixelColor(0, 0).alpha() == 0, "round corners"
    assert image.pixelColor(image.width() // 2, 3).alpha() == 255
    overlay.show_text(LONG)
    qtbot.waitUntil(lambda: screen.shown[-1][0] != image)
    count = len(screen.shown)
    qtbot.wait(100)
    assert len(screen.shown) <= count + 1, "what stays the same is not shown again"
    overlay.show_dictation(Dictation())
    qtbot.waitUntil(lambda: not screen.is_shown, timeout=10_000)
