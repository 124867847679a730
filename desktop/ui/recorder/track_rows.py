"""One row for each track of a recording: who it is, from which device, and how loud."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QWidget

from desktop.core.i18n import _
from desktop.core.recording import Device, Level
from desktop.ui import icons
from desktop.ui.recorder.level_meter import LevelMeter
from desktop.ui.recorder.sources import SourcesMenu, icon_of, shortened
from desktop.ui.theme import GRID

ICON = 18
WIDEST_METER = 420
PADDING = 10
"""Between the edge of a button and its drawing."""


class TrackRows(QWidget):
    """The devices that are recorded, below each other."""

    def __init__(self, menu: SourcesMenu, edge: int) -> None:
        super().__init__()
        self._menu, self._edge = menu, edge
        self._devices: tuple[Device, ...] = ()
        self.meters: list[LevelMeter] = []
        self._buttons: list[QToolButton] = []
        self._silent: tuple[str, ...] = ()
        self._layout = QGridLayout(self)
        self._layout.setHorizontalSpacing(GRID)
        self._layout.setVerticalSpacing(GRID // 2)
        self._layout.setColumnStretch(2, 100)
        self._layout.setColumnStretch(3, 1)

    def show_devices(self, devices: Sequence[Device]) -> None:
        """Show these tracks."""
        if tuple(devices) == self._devices:
            return
        if len(devices) != len(self._devices):
            self._make_rows(len(devices))
        self._devices = tuple(devices)
        self._name()

    def show_levels(self, levels: Sequence[Level], silent: Sequence[str] = ()) -> None:
        """Show how loud each track is, and which ones are silent although they should not be."""
        for meter, level in zip(self.meters, levels, strict=False):
            meter.show_level(level)
        if tuple(silent) != self._silent:
            self._silent = tuple(silent)
            self._name()

    def show_rest(self) -> None:
        """Show that nothing is measured."""
        for meter in self.meters:
            meter.show_rest()

    def _make_rows(self, count: int) -> None:
        for widget in [*self._buttons, *self.meters, *self.findChildren(QLabel)]:
            widget.setParent(None)
            widget.deleteLater()
        # The drawing of a button that stands first is in line with what stands above it.
        self._layout.setContentsMargins(self._edge - (PADDING if count == 1 else 0), 0, self._edge, 0)
        self.meters, self._buttons = [], []
        for row in range(count):
            button, meter = QToolButton(), LevelMeter()
            button.setMenu(self._menu)
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setIconSize(QSize(ICON, ICON))
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            meter.setMaximumWidth(WIDEST_METER)
            if count > 1:
                who = QLabel(_("Me") if row == 0 else _("Them"))
                who.setForegroundRole(QPalette.ColorRole.PlaceholderText)
                self._layout.addWidget(who, row, 0)
            self._layout.addWidget(button, row, 1)
            self._layout.addWidget(meter, row, 2)
            self._buttons.append(button)
            self.meters.append(meter)

    def _name(self) -> None:
        for device, button, meter in zip(self._devices, self._buttons, self.meters, strict=True):
            is_silent = device.name in self._silent
            button.setIcon(icons.icon("warning" if is_silent else icon_of(device)))
            button.setText(shortened(device.name).replace("&", "&&"))
            button.setToolTip(device.name)
            button.setAccessibleName(_("Recorded from: {names}").format(names=device.name))
            meter.setAccessibleName(_("Level of {device}").format(device=device.name))
        widest = max((QFontMetrics(one.font()).horizontalAdvance(one.text()) for one in self._buttons), default=0)
        for button in self._buttons:
            button.setMinimumWidth(widest + ICON + 5 * GRID)
