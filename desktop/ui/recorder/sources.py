"""What is recorded from: the microphone, the sound of the system, or both; and the menu to choose it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from desktop.core.i18n import _
from desktop.core.recording import Device, SourceKind, chosen
from desktop.core.settings import MICROPHONE, about_setting
from desktop.ui import icons

LONGEST = 34
"""Letters of a name on a button; the tooltip has all of it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the user wants to record from. An empty name means whatever the system uses."""

    sources: str = MICROPHONE
    microphone: str = ""
    system: str = ""

    @property
    def kinds(self) -> tuple[SourceKind, ...]:
        """What is recorded, track by track."""
        match self.sources:
            case "system":
                return (SourceKind.SYSTEM,)
            case "both":
                return (SourceKind.MICROPHONE, SourceKind.SYSTEM)
            case _:
                return (SourceKind.MICROPHONE,)

    def name_of(self, kind: SourceKind) -> str:
        """The name that is remembered for this kind."""
        return self.microphone if kind is SourceKind.MICROPHONE else self.system

    def devices(self, there: Sequence[Device]) -> list[Device]:
        """Those among the devices that are there; fewer than wanted where some are not."""
        found = (chosen(there, kind, self.name_of(kind)) for kind in self.kinds)
        return [one for one in found if one]

    def with_device(self, device: Device) -> Choice:
        """This device from now on."""
        if device.kind is SourceKind.MICROPHONE:
            return replace(self, microphone=device.name)
        return replace(self, system=device.name)


class SourcesMenu(QMenu):
    """Offers what there is. While a recording runs, other devices of the same kinds."""

    choice_changed = Signal(object)
    """A `Choice`."""
    device_wanted = Signal(object)
    """A `Device` for the running recording."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._there: tuple[Device, ...] = ()
        self._choice = Choice()
        self._running: tuple[Device, ...] = ()
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def show_devices(self, there: Sequence[Device]) -> None:
        """The devices that there are now."""
        self._there = tuple(there)
        if self.isVisible():
            self._fill()

    def show_choice(self, choice: Choice) -> None:
        """What is wanted."""
        self._choice = choice

    def show_running(self, running: Sequence[Device]) -> None:
        """The devices of the running recording; none if none runs."""
        self._running = tuple(running)

    def _fill(self) -> None:
        self.clear()
        if not self._running:
            self._add_kinds()
        kinds = tuple(one.kind for one in self._running) or self._choice.kinds
        self._add_devices(_("Microphone"), SourceKind.MICROPHONE, SourceKind.MICROPHONE in kinds)
        self._add_devices(_("Sound of the system"), SourceKind.SYSTEM, SourceKind.SYSTEM in kinds)

    def _add_kinds(self) -> None:
        self._heading(_("Record"))
        group = QActionGroup(self)
        for value, label in about_setting("sources").choices.items():
            action = self._option(group, _(label), value == self._choice.sources)
            action.triggered.connect(partial(self._take, replace(self._choice, sources=value)))

    def _add_devices(self, heading: str, kind: SourceKind, is_used: bool) -> None:
        there = [device for device in self._there if device.kind is kind]
        if not is_used or (kind is SourceKind.SYSTEM and len(there) == 1 and not self._running):
            return
        if self.actions():
            self.addSeparator()
        self._heading(heading)
        if not there:
            self.addAction(_("None found. Is one plugged in?")).setEnabled(False)
        in_use = next((one for one in self._running if one.kind is kind), None)
        current = in_use or chosen(there, kind, self._choice.name_of(kind))
        group = QActionGroup(self)
        for device in there:
            action = self._option(group, device.name, bool(current and device.is_same(current)))
            action.triggered.connect(partial(self._take_device, device))

    def _heading(self, text: str) -> None:
        self.addAction(text).setEnabled(False)

    def _option(self, group: QActionGroup, text: str, is_on: bool) -> QAction:
        action = self.addAction(text.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(is_on)
        group.addAction(action)
        return action

    def _take(self, choice: Choice) -> None:
        self._choice = choice
        self.choice_changed.emit(choice)

    def _take_device(self, device: Device) -> None:
        if self._running:
            self.device_wanted.emit(device)
        self._take(self._choice.with_device(device))


class SourcesButton(QToolButton):
    """Says what is recorded from; a press offers others."""

    def __init__(self, menu: QMenu) -> None:
        super().__init__()
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_devices(self, devices: Sequence[Device], is_known: bool = True) -> None:
        """Name these devices; `is_known` tells whether it is known by now what there is."""
        if not is_known:
            self.setIcon(icons.icon("microphone"))
            self._say(_("Looking for microphones…"), _("Looking for microphones…"))
            return
        if not devices:
            self.setIcon(icons.icon("warning"))
            self._say(_("No microphone found"), _("Plug one in, or choose the sound of the system"))
            return
        self.setIcon(icons.icon(icon_of(devices[0])))
        self._say(" + ".join(shortened(one.name) for one in devices), ", ".join(one.name for one in devices))

    def _say(self, text: str, tip: str) -> None:
        self.setText(text.replace("&", "&&"))
        self.setToolTip(tip)
        self.setAccessibleName(_("Recorded from: {names}").format(names=tip))


def icon_of(device: Device) -> str:
    """The drawing for its kind."""
    return "microphone" if device.kind is SourceKind.MICROPHONE else "volume"


def shortened(name: str) -> str:
    """A name that leaves room for others."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"
