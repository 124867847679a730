"""The portals of Wayland: what a program asks the desktop for over D-Bus, each time with the consent of the user."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from dbus_fast import BusType, DBusError, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError, InvalidAddressError

from desktop.core.errors import AppError

log = logging.getLogger(__name__)
T = TypeVar("T")

APP_ID = "io.github.undertone.Undertone"
"""The name of the desktop file: under it the desktop remembers what the user has allowed."""

DESKTOP, PLACE = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
ANSWER_WITHIN_S = 5.0
USER_WITHIN_S = 180.0
"""A dialog may be open."""


class Refused(Exception):
    """The portal is not there, cannot do it, or the user said no; the reason as a person reads it."""


class Portal:
    """A connection to the session bus, with a thread of its own."""

    def __init__(self, name: str, on_signal: Callable[[str, list[Any]], None]) -> None:
        """`on_signal` gets the name and the values of every signal of the portal, on the thread. Raises Refused."""
        self._on_signal = on_signal
        self._tokens = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[tuple[int, dict[str, Any]]]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()
        try:
            self.do(self._connect())
        except BaseException:
            self._stop()
            raise

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something on the thread and wait for it. Raises Refused."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def call(self, interface: str, member: str, signature: str = "", body: list[Any] | None = None) -> list[Any]:
        """A plain call. Raises Refused."""
        return await self._call(PLACE, interface, member, signature, body or [])

    async def request(
        self, interface: str, member: str, signature: str, body: list[Any], options: dict[str, Variant] | None = None
    ) -> dict[str, Any]:
        """A call whose answer comes when the user has decided; options go last. Raises Refused."""
        token = self.token()
        path = f"{PLACE}/request/{self._sender()}/{token}"
        answer = self._waiting[path] = self._loop.create_future()
        all_options = {"handle_token": Variant("s", token), **(options or {})}
        try:
            told = await self._call(PLACE, interface, member, signature, [*body, all_options])
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
            await self._call(session, "org.freedesktop.portal.Session", "Close", "", [])
        except Refused:
            log.debug("A session of the portal was closed already")

    def token(self) -> str:
        """A word that names a request or session of ours."""
        return f"undertone_{os.getpid()}_{next(self._tokens)}"

    def close(self) -> None:
        """End the connection; the portal ends our sessions with it."""
        self.do(self._disconnect())
        self._stop()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _connect(self) -> None:
        try:
            self._bus = MessageBus(bus_type=BusType.SESSION)
            await asyncio.wait_for(self._bus.connect(), ANSWER_WITHIN_S)
        except (OSError, AuthError, InvalidAddressError, DBusError, TimeoutError) as error:
            raise Refused("there is no session bus") from error
        self._bus.add_message_handler(self._on_message)
        rule = f"type='signal',sender='{DESKTOP}'"
        await self._bus.call(
            Message(
                destination="org.freedesktop.DBus",
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member="AddMatch",
                signature="s",
                body=[rule],
            )
        )
        try:
            # From 1.21 on the portal serves nobody whose name it does not know; before, it has no such registry.
            await self.call("org.freedesktop.host.portal.Registry", "Register", "sa{sv}", [APP_ID, {}])
        except Refused as refused:
            log.info("The portal does not register programs: %s", refused)

    async def _disconnect(self) -> None:
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    def _sender(self) -> str:
        return (self._bus.unique_name or "").removeprefix(":").replace(".", "_")

    async def _call(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> list[Any]:
        message = Message(
            destination=DESKTOP, path=path, interface=interface, member=member, signature=signature, body=body
        )
        try:
            answer = await asyncio.wait_for(self._bus.call(message), ANSWER_WITHIN_S)
        except (OSError, EOFError, TimeoutError) as error:
            raise Refused("it does not answer") from error
        if answer is None or answer.message_type is MessageType.ERROR:
            raise Refused(str(answer.body[0]) if answer and answer.body else f"there is no {member}")
        return list(answer.body)

    def _on_message(self, message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL:
            return
        if message.member == "Response" and message.path in self._waiting:
            answer = self._waiting[message.path]
            if not answer.done():
                answer.set_result((message.body[0], message.body[1]))
        elif message.member:
            self._on_signal(message.member, list(message.body))


def said(refused: Refused, kind: type[AppError]) -> AppError:
    """The same as a failure that the user reads."""
    return kind(reason=str(refused).rstrip("."))
