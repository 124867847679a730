"""A session's power manager on D-Bus, for tests: writes every call into a file. Run with the file's name."""

import sys

from jeepney import DBusAddress, MessageType, new_method_call, new_method_return
from jeepney.io.blocking import open_dbus_connection

BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")

connection = open_dbus_connection("SESSION")
request = new_method_call(BUS, "RequestName", "su", ("org.freedesktop.PowerManagement", 0))
connection.send_and_get_reply(request)
with open(sys.argv[1], "a", buffering=1) as calls:  # noqa: PTH123 - a script of a few lines
    print("ready", file=calls)
    while True:
        message = connection.receive()
        if message.header.message_type is not MessageType.method_call:
            continue
        name = message.header.fields[3]  # the member
        print(name, file=calls)
        reply = new_method_return(message, "u", (7,)) if name == "Inhibit" else new_method_return(message)
        connection.send(reply)
