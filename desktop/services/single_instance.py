"""Listens for a second start, which hands its files over and ends."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from desktop.core import handover


class SingleInstance(QObject):
    """Holds the local socket of the running instance, for this user only."""

    opened = Signal(object)
    """The Handover of a second start."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_new_connection)
        if not self._server.listen(address):
            # Left behind by an instance that was killed: nobody answered there a moment ago.
            QLocalServer.removeServer(address)
            self._server.listen(address)

    def close(self) -> None:
        """Stop listening and remove the socket."""
        self._server.close()

    @Slot()
    def _on_new_connection(self) -> None:
        while self._server.hasPendingConnections():
            connection = self._server.nextPendingConnection()
            connection.readyRead.connect(self._on_ready_read)
            connection.disconnected.connect(connection.deleteLater)

    @Slot()
    def _on_ready_read(self) -> None:
        connection = self.sender()
        if not isinstance(connection, QLocalSocket) or not connection.canReadLine():
            return
        wish = handover.read_line(bytes(connection.readLine().data()))
        connection.write(handover.ACCEPTED if wish else handover.REFUSED)
        connection.flush()
        connection.disconnectFromServer()
        if wish:
            self.opened.emit(wish)
