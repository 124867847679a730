"""Asks the program in focus over AT-SPI, the bus that Linux desktops have for assistive technologies.

Programs made with GTK are always on it, others once the desktop has switched assistive technologies on. Nothing is
switched on here, since that makes some of them slower.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import dataclass
from typing import Any

from dbus_fast import Message

from desktop.core.spoken import Around
from desktop.system.bus import Bus, Refused

LETTERS = 60
"""So many on each side tell all that matters."""
ANSWER_WITHIN_S = 0.1
LEAVE_WITHIN_S = 1.0

REGISTRY, PLACE = "org.a11y.atspi.Registry", "/org/a11y/atspi/registry"
ACCESSIBLE, TEXT = "org.a11y.atspi.Accessible", "org.a11y.atspi.Text"
FOCUS = "object:state-changed:focused"
RULE = "type='signal',interface='org.a11y.atspi.Event.Object',member='StateChanged',arg0='focused'"

OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"
STATE_FOCUSED = 12
ROLE_PASSWORD, ROLE_TERMINAL = 40, 60

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Object:
    """A part of a window: the name of its program on the bus, and its own."""

    program: str
    path: str


class AtspiCaret:
    """The Caret port. It remembers who got the keyboard last, since nobody can be asked who has it."""

    def __init__(self) -> None:
        self._focused: _Object | None = None
        self._bus: Bus | None = None
        self._start = threading.Thread(target=self._connect, name="caret-start", daemon=True)
        self._start.start()

    def _connect(self) -> None:
        """On a thread of its own: the bus may have to be started first, and nobody shall wait for that."""
        try:
            session = Bus("caret-session")
            try:
                (address,) = session.do(session.call("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress"))
            finally:
                session.close()
            bus = Bus("caret", address)
            try:
                bus.do(bus.listen(RULE, self._on_signal))
                bus.do(bus.call(REGISTRY, PLACE, REGISTRY, "RegisterEvent", "s", [FOCUS]))
            except BaseException:
                bus.close()
                raise
        except Refused as refused:
            log.info("What stands at the caret of other programs stays unknown: %s", refused)
            return
        self._bus = bus
        log.info("programs are asked what stands at their caret")

    def around(self) -> Around | None:
        """What stands on both sides of the caret, or of the selection; None where nobody tells it at once."""
        bus, one = self._bus, self._focused
        if bus is None or one is None:
            return None
        try:
            return bus.do(asyncio.wait_for(_around(bus, one), ANSWER_WITHIN_S))
        except (Refused, TimeoutError) as error:
            log.debug("Nobody tells what stands around the caret: %s", error)
        except (ValueError, TypeError, IndexError, AttributeError) as error:
            log.info("%s answers otherwise than AT-SPI says: %s", one.program, type(error).__name__)
        return None

    def close(self) -> None:
        """Let go of the bus."""
        self._start.join(LEAVE_WITHIN_S)
        if self._bus:
            self._bus.close()

    def _on_signal(self, message: Message) -> None:
        if message.member != "StateChanged" or message.body[:1] != ["focused"]:
            return
        one = _Object(message.sender or "", message.path or "")
        if message.body[1]:
            self._focused = one
        elif self._focused == one:
            self._focused = None


async def _around(bus: Bus, one: _Object) -> Around | None:
    async def ask(interface: str, member: str, signature: str = "", *body: object) -> list[Any]:
        return await bus.call(one.program, one.path, interface, member, signature, list(body))

    async def number(name: str) -> int:
        (value,) = await ask("org.freedesktop.DBus.Properties", "Get", "ss", TEXT, name)
        return int(value.value)

    (states,), (role,) = await ask(ACCESSIBLE, "GetState"), await ask(ACCESSIBLE, "GetRole")
    if role in (ROLE_PASSWORD, ROLE_TERMINAL) or not states[0] >> STATE_FOCUSED & 1:
        return None
    start = end = await number("CaretOffset")
    (selections,) = await ask(TEXT, "GetNSelections")
    if selections:
        start, end = await ask(TEXT, "GetSelection", "i", 0)
    if not 0 <= start <= end:  # no caret
        return None
    length = await number("CharacterCount")
    (before,) = await ask(TEXT, "GetText", "ii", max(0, start - LETTERS), start)
    (after,) = await ask(TEXT, "GetText", "ii", end, min(length, end + LETTERS))
    # Rich editors tell a paragraph that is an object of its own by this letter: what stands in it, others know.
    return None if OBJECT in before + after else Around(before, after)
