"""The look: a light and a dark palette, one accent, a short style sheet, and the grid that layouts keep to."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QFrame

GRID = 8
MARGIN = 2 * GRID
RADIUS = 6

OWN_ACCENT = "#3b6fd4"
READABLE = 4.5
"""The contrast that WCAG 2.2 asks of text (1.4.3, level AA)."""
VISIBLE = 3.0
"""The contrast that it asks of signs and bars (1.4.11)."""

# Qt's own fall-backs: a platform that shows these has said nothing.
_UNSAID_ACCENTS = frozenset({"#308cc6", "#000080", "#000000", "#ffffff"})


@dataclass(frozen=True, slots=True)
class Tones:
    """The colours of one scheme, apart from the accent."""

    window: str
    base: str
    raised: str
    line: str
    edge: str
    text: str
    quiet: str
    off: str


# A style sheet takes its marks from files only, and they need the colours of the scheme.
_MARKS = {"up": "M6 15l6-6 6 6", "down": "M6 9l6 6 6-6", "tick": "M5 12.5l4.5 4.5L19 7.5"}

LIGHT = Tones(
    window="#f6f6f7",
    base="#ffffff",
    raised="#ffffff",
    line="#e2e2e5",
    edge="#c9cacf",
    text="#1c1d20",
    quiet="#62656d",
    off="#a3a5ab",
)
DARK = Tones(
    window="#212226",
    base="#1a1b1e",
    raised="#2e3036",
    line="#34363c",
    edge="#484b53",
    text="#e9e9ec",
    quiet="#a4a7af",
    off="#6d7078",
)


class Theme(QObject):
    """Keeps the look of the whole program: as the system has it, followed live, or always light or dark."""

    def __init__(self, app: QApplication, marks: Path, theme: str = "system") -> None:
        """`marks` is a folder for the small pictures of the style sheet, which takes them from files alone."""
        super().__init__()
        self._app = app
        self._theme = "system"
        self._shows_dark: bool | None = None
        self._marks = marks
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self.use(theme)

    def use(self, theme: str) -> None:
        """Show the setting `theme`: "system", "light" or "dark"."""
        was, self._theme = self._theme, theme
        hints = self._app.styleHints()
        # Title bars and the system's own dialogs follow these hints where the platform can.
        if theme == "light":
            hints.setColorScheme(Qt.ColorScheme.Light)
        elif theme == "dark":
            hints.setColorScheme(Qt.ColorScheme.Dark)
        elif was != theme:
            hints.unsetColorScheme()
        self._show()

    @property
    def is_dark(self) -> bool:
        """Whether the dark palette is the one to show."""
        # Not every platform can be told its scheme, so the setting is asked first.
        if self._theme in ("light", "dark"):
            return self._theme == "dark"
        return self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark

    @Slot()
    def _on_scheme_changed(self) -> None:
        self._show()

    def _show(self) -> None:
        if self.is_dark == self._shows_dark:
            return
        self._shows_dark = self.is_dark
        tones = DARK if self.is_dark else LIGHT
        palette = palette_of(tones, _system_accent(self._app))
        self._app.setPalette(palette)
        self._app.setStyleSheet(style_sheet(tones, palette, self._marks))


def hairline() -> QFrame:
    """A thin line between two parts of a window, one above the other."""
    line = QFrame()
    line.setObjectName("hairline")
    line.setFixedHeight(1)
    return line


def palette_of(tones: Tones, accent: QColor) -> QPalette:
    """The palette of one scheme. The accent is moved as far as it must be to be seen; its texts can be read."""
    role = QPalette.ColorRole
    visible = legible(accent, QColor(tones.base), VISIBLE)
    palette = QPalette()
    for roles, tone in (
        ((role.Window,), tones.window),
        ((role.Base, role.ToolTipBase), tones.base),
        ((role.AlternateBase,), tones.window),
        ((role.Button,), tones.raised),
        ((role.Light, role.Midlight), tones.raised),
        ((role.Mid,), tones.line),
        ((role.Dark,), tones.edge),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText), tones.text),
        ((role.PlaceholderText,), tones.quiet),
    ):
        for one in roles:
            palette.setColor(one, QColor(tone))
    palette.setColor(role.Shadow, QColor("#000000"))
    palette.setColor(role.Highlight, visible)
    palette.setColor(role.HighlightedText, text_on(visible))
    palette.setColor(role.Accent, visible)
    palette.setColor(role.Link, legible(accent, QColor(tones.window), READABLE))
    palette.setColor(role.LinkVisited, legible(accent, QColor(tones.window), READABLE))
    off = QPalette.ColorGroup.Disabled
    for one in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText, role.HighlightedText):
        palette.setColor(off, one, QColor(tones.off))
    for one in (role.Highlight, role.Accent):
        palette.setColor(off, one, QColor(tones.line))
    return palette


def contrast(one: QColor, other: QColor) -> float:
    """How well one colour stands out from another, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def legible(colour: QColor, ground: QColor, least: float) -> QColor:
    """The colour, made darker or lighter until it stands out from its ground."""
    target = text_on(ground)
    for tenth in range(11):
        moved = blend(colour, target, tenth / 10)
        if contrast(moved, ground) >= least:
            return moved
    return target


def text_on(ground: QColor) -> QColor:
    """White or black, whichever can be read better; one of them always can."""
    return max(QColor("#ffffff"), QColor("#000000"), key=lambda text: contrast(text, ground))


def blend(one: QColor, other: QColor, share: float) -> QColor:
    """A mix with this share of the other colour, 0 to 1."""
    kept = 1 - share
    return QColor.fromRgbF(
        one.redF() * kept + other.redF() * share,
        one.greenF() * kept + other.greenF() * share,
        one.blueF() * kept + other.blueF() * share,
    )


def style_sheet(tones: Tones, palette: QPalette, marks: Path) -> str:
    """What a palette cannot say: round corners, hairlines, room to breathe. `marks` holds chevrons and a tick."""
    accent = palette.color(QPalette.ColorRole.Accent)
    on_accent = palette.color(QPalette.ColorRole.HighlightedText).name()
    raised, text = QColor(tones.raised), QColor(tones.text)
    hover, pressed = blend(raised, text, 0.05).name(), blend(raised, text, 0.12).name()
    ring = blend(accent, text, 0.5).name()
    chosen = blend(QColor(tones.window), accent, 0.18).name()
    for name in ("up", "down"):
        _draw(marks / f"{name}.svg", _MARKS[name], tones.quiet)
    _draw(marks / "tick.svg", _MARKS["tick"], on_accent)
    at = marks.as_posix()
    # Qt mirrors the place of an arrow where people read from right to left, but not the room for it.
    end = "left" if QApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft else "right"
    return f"""
    QPushButton, QComboBox, QAbstractSpinBox, QLineEdit, QPlainTextEdit {{
        background: {tones.raised}; border: 1px solid {tones.edge}; border-radius: {RADIUS}px; min-height: 20px;
    }}
    QLineEdit, QAbstractSpinBox, QPlainTextEdit {{ background: {tones.base}; }}
    QPlainTextEdit {{ padding: 3px 4px; }}
    QLineEdit, QComboBox {{ padding: 4px 8px; }}
    QAbstractSpinBox {{ padding: 2px 0; }}
    QPushButton {{ padding: 4px 14px; }}
    QPushButton:hover, QComboBox:hover:!editable {{ background: {hover}; }}
    QPushButton:pressed, QComboBox:on {{ background: {pressed}; }}
    QComboBox:editable {{ background: {tones.base}; padding-left: 6px; }}
    QComboBox QLineEdit, QAbstractSpinBox QLineEdit {{
        background: transparent; border: none; padding: 0; min-height: 0;
    }}
    QComboBox {{ combobox-popup: 0; }}
    QComboBox QAbstractItemView, QListView#suggestions {{
        background: {tones.raised}; border: 1px solid {tones.edge}; outline: none; padding: 3px;
    }}
    QComboBox QAbstractItemView::item, QListView#suggestions::item {{
        min-height: 26px; padding: 0 6px; border-radius: 4px; color: {tones.text};
    }}
    QComboBox QAbstractItemView::item:selected, QListView#suggestions::item:selected {{ background: {chosen}; }}
    QMenu {{ background: {tones.raised}; border: 1px solid {tones.edge}; padding: 3px; }}
    QMenu::item {{ padding: 5px 20px 5px 8px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {chosen}; }}
    QMenu::item:disabled {{ color: {tones.off}; }}
    QMenu::icon {{ padding-left: 8px; }}
    QMenu::indicator {{ left: 6px; }}
    QMenu::separator {{ height: 1px; background: {tones.line}; margin: 3px 8px; }}
    QComboBox::drop-down {{ border: none; width: 20px; }}
    QComboBox::down-arrow {{ image: url("{at}/down.svg"); width: 16px; height: 16px; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: 24px; }}
    QAbstractSpinBox::up-arrow {{ image: url("{at}/up.svg"); width: 12px; height: 12px; }}
    QAbstractSpinBox::down-arrow {{ image: url("{at}/down.svg"); width: 12px; height: 12px; }}
    QCheckBox {{ spacing: {GRID}px; min-height: 28px; }}
    QCheckBox::indicator {{
        width: 16px; height: 16px; background: {tones.base}; border: 1px solid {tones.quiet}; border-radius: 4px;
    }}
    QCheckBox::indicator:hover {{ border-color: {accent.name()}; }}
    QCheckBox::indicator:checked {{
        background: {accent.name()}; border-color: {accent.name()}; image: url("{at}/tick.svg");
    }}
    QPushButton:focus, QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QAbstractSpinBox:focus,
    QToolButton:focus, QCheckBox::indicator:focus {{ border-color: {accent.name()}; }}
    QCheckBox::indicator:focus {{ width: 14px; height: 14px; border: 2px solid {ring}; }}
    QPushButton:default {{ background: {accent.name()}; border-color: {accent.name()}; color: {on_accent}; }}
    QPushButton:flat, QToolButton {{ background: transparent; border: 1px solid transparent; }}
    QToolButton {{ border-radius: {RADIUS}px; padding: 4px; }}
    QToolButton[popupMode="InstantPopup"][toolButtonStyle="ToolButtonTextBesideIcon"] {{ padding-{end}: 22px; }}
    QToolButton[popupMode="InstantPopup"][toolButtonStyle="ToolButtonIconOnly"]::menu-indicator {{ image: none; }}
    QToolButton::menu-indicator {{
        image: url("{at}/down.svg"); width: 14px; height: 14px; subcontrol-position: center right; right: 6px;
    }}
    QPushButton:flat:hover, QToolButton:hover {{ background: {hover}; }}
    QToolButton:pressed, QToolButton:open {{ background: {pressed}; }}
    QPushButton:disabled, QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{
        background: transparent; color: {tones.off}; border-color: {tones.line};
    }}
    QCheckBox::indicator:disabled {{ background: {tones.line}; border-color: {tones.line}; }}
    QListWidget#pages {{ background: transparent; outline: none; }}
    QListWidget#pages::item {{
        padding: 7px 10px; border: 1px solid transparent; border-radius: {RADIUS}px; color: {tones.text};
    }}
    QListWidget#pages::item:hover {{ background: {hover}; }}
    QListWidget#pages::item:selected {{ background: {chosen}; }}
    QListWidget#pages::item:focus {{ border-color: {accent.name()}; }}
    QTableWidget {{
        background: {tones.base}; border: 1px solid {tones.edge}; border-radius: {RADIUS}px; outline: none;
    }}
    QTableWidget:focus {{ border-color: {accent.name()}; }}
    QTableWidget::item {{ padding: 0 8px; border: none; }}
    QTableWidget::item:selected {{ background: {chosen}; color: {tones.text}; }}
    QTableWidget QLineEdit, QTableWidget QComboBox {{ border-radius: 0; padding: 0 7px; }}
    QTableWidget QHeaderView {{ background: transparent; border: none; }}
    QTableWidget QHeaderView::section {{
        background: transparent; color: {tones.quiet}; border: none; border-bottom: 1px solid {tones.line};
        padding: 5px 11px;
    }}
    QToolTip {{
        background: {tones.raised}; color: {tones.text}; border: 1px solid {tones.edge}; padding: 4px 6px;
    }}
    QBalloonTip QLabel {{ color: #1c1d20; }}
    QFrame#hairline, QSplitter::handle {{ background: {tones.line}; border: none; }}
    QStatusBar::item {{ border: none; }}
    QScrollBar {{ background: transparent; border: none; margin: 0; }}
    QScrollBar:vertical {{ width: 10px; }}
    QScrollBar:horizontal {{ height: 10px; }}
    QScrollBar::handle {{ background: {tones.edge}; border-radius: 3px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: 32px; }}
    QScrollBar::handle:horizontal {{ min-width: 32px; }}
    QScrollBar::handle:hover {{ background: {tones.quiet}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """


def _draw(file: Path, path: str, colour: str) -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" '
        f'stroke="{colour}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="{path}"/></svg>'
    )
    with suppress(OSError):  # on a full disk a menu goes without its arrow
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(drawing, encoding="utf-8")


def _system_accent(app: QApplication) -> QColor:
    app.setPalette(QPalette())  # ours would answer otherwise
    palette = app.palette()
    for role in (QPalette.ColorRole.Accent, QPalette.ColorRole.Highlight):
        colour = palette.color(role)
        if colour.name() not in _UNSAID_ACCENTS:
            return colour
    return QColor(OWN_ACCENT)


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
