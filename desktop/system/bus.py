"""A connection to a message bus (D-Bus) with a thread of its own, for code that waits."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from dbus_fast import BusType, DBusError, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError, InvalidAddressError

T = TypeVar("T")

ANSWER_WITHIN_S = 5.0


class Refused(Exception):
    """Whoever was asked is not there, cannot do it, or the user said no; the reason as a person reads it."""


class Bus:
    """What is `async` runs on the thread; the rest is for any other."""

    def __init__(self, name: str, address: str | None = None) -> None:
        """The bus of the session, or the one at an address. Raises Refused."""
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()
        try:
            self.do(self._connect(address))
        except BaseException:
            self._stop()
            raise

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something on the thread and wait for it. Raises Refused."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def close(self) -> None:
        """End the connection, if the bus has not ended it before."""
        try:
            with contextlib.suppress(OSError, EOFError, DBusError):
                self.do(self._disconnect())
        finally:
            self._stop()

    @property
    def name(self) -> str:
        """Ours, as the bus gave it."""
        return self._bus.unique_name or ""

    async def call(
        self,
        destination: str,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        body: list[Any] | None = None,
    ) -> list[Any]:
        """What somebody answers. Raises Refused."""
        message = Message(
            destination=destination,
            path=path,
            interface=interface,
            member=member,
            signature=signature,
            body=body or [],
        )
        try:
            answer = await asyncio.wait_for(self._bus.call(message), ANSWER_WITHIN_S)
        except (OSError, EOFError, TimeoutError) as error:
            raise Refused("it does not answer") from error
        if answer is None or answer.message_type is MessageType.ERROR:
            raise Refused(str(answer.body[0]) if answer and answer.body else f"there is no {member}")
        return list(answer.body)

    async def listen(self, rule: str, on_signal: Callable[[Message], None]) -> None:
        """Get the signals that the rule is for, and every other one that comes."""
        self._bus.add_message_handler(
            lambda message: on_signal(message) if message.message_type is MessageType.SIGNAL else None
        )
        await self.call(
            "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch", "s", [rule]
        )

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()
        self.loop.close()

    def _stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()

    async def _connect(self, address: str | None) -> None:
        try:
            self._bus = MessageBus(bus_address=address, bus_type=BusType.SESSION)
            await asyncio.wait_for(self._bus.connect(), ANSWER_WITHIN_S)
        except (OSError, AuthError, InvalidAddressError, DBusError, TimeoutError) as error:
            raise Refused("there is no session bus" if address is None else "there is no such bus") from error

    async def _disconnect(self) -> None:
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
