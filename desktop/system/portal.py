"""The portals of Wayland: what a program asks the desktop for over D-Bus, each time with the consent of the user."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from dbus_fast import Message, Variant

from desktop.core.errors import AppError
from desktop.system.bus import Bus, Refused

log = logging.getLogger(__name__)
T = TypeVar("T")

APP_ID = "io.github.undertone.Undertone"
"""The name of the desktop file: under it the desktop remembers what the user has allowed."""

DESKTOP, PLACE = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
USER_WITHIN_S = 180.0
"""A dialog may be open."""


class Portal:
    """The desktop portal; what is `async` runs on its thread, by `do`."""

    def __init__(self, name: str, on_signal: Callable[[str, list[Any]], None]) -> None:
        """`on_signal` gets the name and the values of every signal of the portal, on the thread. Raises Refused."""
        self._on_signal = on_signal
        self._tokens = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[tuple[int, dict[str, Any]]]] = {}
        self._bus = Bus(name)
        try:
            self.do(self._register())
        except BaseException:
            self._bus.close()
            raise

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something on the thread and wait for it. Raises Refused."""
        return self._bus.do(work)

    async def call(self, interface: str, member: str, signature: str = "", body: list[Any] | None = None) -> list[Any]:
        """A plain call. Raises Refused."""
        return await self._bus.call(DESKTOP, PLACE, interface, member, signature, body)

    async def request(
        self, interface: str, member: str, signature: str, body: list[Any], options: dict[str, Variant] | None = None
    ) -> dict[str, Any]:
        """A call whose answer comes when the user has decided; options go last. Raises Refused."""
        token = self.token()
        path = f"{PLACE}/request/{self._sender()}/{token}"
        answer = self._waiting[path] = self._bus.loop.create_future()
        all_options = {"handle_token": Variant("s", token), **(options or {})}
        try:
            told = await self.call(interface, member, signature, [*body, all_options])
            if told and told[0] != path:  # portals before 0.9 choose the path themselves
                self._waiting[told[0]] = answer
            code, results = await asyncio.wait_for(answer, USER_WITHIN_S)
        except TimeoutError as error:
            raise Refused("nobody answered its question") from error
        finally:
            for key in [key for key, future in self._waiting.items() if future is answer]:
                del self._waiting[key]
        if code:
            raise Refused("it was refused" if code == 1 else "the desktop ended its question")
        return {key: value.value if isinstance(value, Variant) else value for key, value in results.items()}

    async def close_session(self, session: str) -> None:
        """End what a session was for; it does not matter if it is over already."""
        try:
            await self._bus.call(DESKTOP, session, "org.freedesktop.portal.Session", "Close")
        except Refused:
            log.debug("A session of the portal was closed already")

    def token(self) -> str:
        """A word that names a request or session of ours."""
        return f"undertone_{os.getpid()}_{next(self._tokens)}"

    def close(self) -> None:
        """End the connection; the portal ends our sessions with it."""
        self._bus.close()

    async def _register(self) -> None:
        await self._bus.listen(f"type='signal',sender='{DESKTOP}'", self._on_message)
        try:
            # From 1.21 on the portal serves nobody whose name it does not know; before, it has no such registry.
            await self.call("org.freedesktop.host.portal.Registry", "Register", "sa{sv}", [APP_ID, {}])
        except Refused as refused:
            log.info("The portal does not register programs: %s", refused)

    def _sender(self) -> str:
        return self._bus.name.removeprefix(":").replace(".", "_")

    def _on_message(self, message: Message) -> None:
        if message.member == "Response" and message.path in self._waiting:
            answer = self._waiting[message.path]
            if not answer.done():
                answer.set_result((message.body[0], message.body[1]))
        elif message.member:
            self._on_signal(message.member, list(message.body))


def said(refused: Refused, kind: type[AppError]) -> AppError:
    """The same as a failure that the user reads."""
    return kind(reason=str(refused).rstrip("."))
