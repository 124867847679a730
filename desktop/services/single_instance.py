"""Listens for a second start, which hands its files over and ends."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from desktop.core import handover

log = logging.getLogger(__name__)


class SingleInstance(QObject):
    """Holds the local socket of the running instance, for this user only."""

    opened = Signal(object)
    """The Handover of a second start."""
    dictation_wanted = Signal(object)
    """A DictationWord of `undertone dictate`."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.takes_dictation = False
        """Whether a word for dictation is taken, or refused."""
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_new_connection)
        if not self._server.listen(address):
            # Left behind by an instance that was killed: nobody answered there a moment ago.
            QLocalServer.removeServer(address)
            if not self._server.listen(address):
                log.warning("A second start and `undertone dictate` cannot reach us: %s", self._server.errorString())

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
        is_word = isinstance(wish, handover.DictationWord)
        is_taken = wish is not None and (self.takes_dictation or not is_word)
        connection.write(handover.ACCEPTED if is_taken else handover.REFUSED)
        connection.flush()
        connection.disconnectFromServer()
        if is_taken:
            (self.dictation_wanted if is_word else self.opened).emit(wish)
