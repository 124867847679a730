"""A desktop portal of each kind that there is, on a private session bus: `fake_portal.py KIND`.

Kinds: normal; app-id (serves only whom it knows); gnome48 (BindShortcuts is not implemented); silent (grants everything
and lists nothing, as GNOME may); refusing (the user says no); old (neither shortcuts nor a registry). It obeys one word
a line, and tells what it was asked for as one line of JSON each.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

NAME, PLACE = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SHORTCUTS, REMOTE = "org.freedesktop.portal.GlobalShortcuts", "org.freedesktop.portal.RemoteDesktop"


class FakePortal:
    """Answers as the specification says, but for what its kind does differently."""

    def __init__(self, kind: str, bus: MessageBus) -> None:
        self._kind, self._bus = kind, bus
        self._known: set[str] = set()
        self._bound: set[str] = set()
        self._session = ""

    def tell(self, *what: Any) -> None:
        print(json.dumps(what), flush=True)

    def answer(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL or not (message.interface or "").startswith("org.free"):
            return None
        sender = message.sender or ""
        match message.member:
            case "Register" if self._kind != "old":
                self._known.add(sender)
                self.tell("registered", message.body[0])
                return Message.new_method_return(message)
            case "Close":
                self.tell("closed", message.path == self._session)
                return Message.new_method_return(message)
            case "NotifyKeyboardKeysym":
                self.tell("key", message.body[2], message.body[3])
                return Message.new_method_return(message)
            case "CreateSession" | "BindShortcuts" | "SelectDevices" | "Start" if self._kind != "old":
                return self._asked(message, sender)
            case _:
                return Message.new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "No such method")

    def _asked(self, message: Message, sender: str) -> Message:
        if self._kind == "app-id" and sender not in self._known:
            return Message.new_error(message, "org.freedesktop.portal.Error.NotAllowed", "An app id is required")
        if self._kind == "gnome48" and message.member == "BindShortcuts":
            return Message.new_error(message, "org.freedesktop.DBus.Error.Failed", "BindShortcuts is not implemented")
        options = message.body[-1]
        path = f"{PLACE}/request/{sender.removeprefix(':').replace('.', '_')}/{options['handle_token'].value}"
        results: dict[str, Variant] = {}
        code = 0
        match message.member:
            case "CreateSession":
                self._session = f"{PLACE}/session/x/{options['session_handle_token'].value}"
                results = {"session_handle": Variant("s", self._session)}
            case "BindShortcuts":
                code = int(self._kind == "refusing" or message.body[0] in self._bound)
                self._bound.add(message.body[0])
                wanted = {name: about["preferred_trigger"].value for name, about in message.body[1]}
                self.tell("bound", wanted)
                listed = [] if self._kind == "silent" else list(wanted)
                results = {
                    "shortcuts": Variant(
                        "a(sa{sv})", [[name, {"trigger_description": Variant("s", f"Press {name}")}] for name in listed]
                    )
                }
            case "SelectDevices":
                token = options.get("restore_token")
                self.tell("devices", options["types"].value, token.value if token else "")
            case "Start":
                code = int(self._kind == "refusing")
                results = {"devices": Variant("u", 1), "restore_token": Variant("s", "token of today")}
        answer = [code, {} if code else results]
        asyncio.get_running_loop().call_later(
            0.02, self._emit, path, "org.freedesktop.portal.Request", "Response", "ua{sv}", answer
        )
        return Message.new_method_return(message, "o", [path])

    def _emit(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> None:
        self._bus.send(Message.new_signal(path, interface, member, signature, body))

    def obey(self, line: str) -> None:
        word, _, name = line.strip().partition(" ")
        member = {"press": "Activated", "release": "Deactivated"}[word]
        self._emit(PLACE, SHORTCUTS, member, "osta{sv}", [self._session, name, 1, {}])


async def serve(kind: str) -> None:
    bus = await MessageBus(bus_type=BusType.SESSION).connect()
    portal = FakePortal(kind, bus)
    bus.add_message_handler(portal.answer)
    await bus.request_name(NAME)
    portal.tell("ready")
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        portal.obey(line)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
