"""The kombu side of the queue: channels that lease from the store and acknowledge to it."""

import logging
import sqlite3
import threading
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import virtual
from kombu.utils.json import dumps, loads

from .store import BEAT_SECONDS, MessageStore

log = logging.getLogger(__name__)

POLL_SECONDS = 0.1
DEFAULT_FILE = "queue.sqlite3"

_stores: dict[Path, MessageStore] = {}
_stores_lock = threading.Lock()


def store_at(path: Path | str) -> MessageStore:
    """The one store of this process for a file."""
    resolved = Path(path).resolve()
    with _stores_lock:
        return _stores.setdefault(resolved, MessageStore(resolved))


class Housekeeper(threading.Thread):
    """Says that this consumer lives, and frees what dead ones held. A thread: tasks may block the main one."""

    def __init__(self, store: MessageStore):
        super().__init__(name="queue-housekeeper", daemon=True)
        self.store = store
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.is_set():
            try:
                self.store.beat()
                if freed := self.store.release_dead():
                    log.warning("%d messages of dead workers are back in the queue", freed)
            except sqlite3.Error:
                log.exception("the queue's housekeeping failed; trying again")
            self.stopped.wait(BEAT_SECONDS)
        self.store.close()


class QoS(virtual.QoS):
    """Acknowledgements go to the store at once, so that a kill right after one repeats nothing."""

    def ack(self, delivery_tag: str) -> None:
        self.channel.store.acknowledge(int(delivery_tag))
        super().ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        if requeue:
            self.channel.store.fail_back(int(delivery_tag))
        else:
            self.channel.store.acknowledge(int(delivery_tag))
        super().ack(delivery_tag)


class Channel(virtual.Channel):
    QoS = QoS
    do_restore = True

    def __init__(self, connection: Any, **kwargs: Any):
        super().__init__(connection, **kwargs)
        self.store = store_at(_file_of(connection.client))
        self._housekeeper: Housekeeper | None = None

    def basic_consume(self, *args: Any, **kwargs: Any) -> None:
        super().basic_consume(*args, **kwargs)
        if self._housekeeper is None:
            self._housekeeper = Housekeeper(self.store)
            self._housekeeper.start()

    def close(self) -> None:
        housekeeper, self._housekeeper = self._housekeeper, None
        super().close()
        if housekeeper is not None:
            housekeeper.stopped.set()
            self.store.sign_out()

    def _put(self, queue: str, message: dict[str, Any], **kwargs: Any) -> None:
        self.store.put(queue, dumps(message), priority=self._get_message_priority(message))

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        lease = self.store.lease(queue)
        if lease is None:
            raise Empty
        message: dict[str, Any] = loads(lease.body)
        message["properties"]["delivery_tag"] = str(lease.id)
        message["redelivered"] = lease.deliveries > 1
        return message

    def _restore(self, message: virtual.Message) -> None:
        self.store.give_back(int(message.delivery_tag))

    def _size(self, queue: str) -> int:
        return self.store.size(queue)

    def _purge(self, queue: str) -> int:
        return self.store.purge(queue)


class Transport(virtual.Transport):
    Channel = Channel
    driver_type = "delphisql"
    driver_name = "sqlite3"
    polling_interval = POLL_SECONDS
    connection_errors = (*virtual.Transport.connection_errors, sqlite3.Error)

    def driver_version(self) -> str:
        return sqlite3.sqlite_version


def _file_of(client: Any) -> str:
    """`delphisql:///var/queue.sqlite3` names the file; without a path the transport options do."""
    if client.virtual_host and client.virtual_host != "/":
        return "/" + client.virtual_host.lstrip("/")
    return str(client.transport_options.get("path", DEFAULT_FILE))
