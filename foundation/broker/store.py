"""Messages in a SQLite file: put, lease to an owner, acknowledge, give back. Knows nothing of kombu."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .owners import Owner, current_owner, is_dead

BEAT_SECONDS = 5.0
SILENCE_SECONDS = 60.0
MAX_DELIVERIES = 20
BUSY_SECONDS = 20.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    priority INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL,
    owner TEXT,
    deliveries INTEGER NOT NULL DEFAULT 0,
    put_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_ready ON messages (queue, priority DESC, id) WHERE owner IS NULL;
CREATE INDEX IF NOT EXISTS messages_owner ON messages (owner) WHERE owner IS NOT NULL;
CREATE TABLE IF NOT EXISTS owners (
    id TEXT PRIMARY KEY,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started REAL NOT NULL,
    beat REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS dead_letters (
    id INTEGER PRIMARY KEY,
    queue TEXT NOT NULL,
    body TEXT NOT NULL,
    deliveries INTEGER NOT NULL,
    put_at REAL NOT NULL,
    died_at REAL NOT NULL
);
"""

READY = "SELECT id FROM messages WHERE queue = ? AND owner IS NULL ORDER BY priority DESC, id LIMIT 1"


@dataclass(frozen=True)
class Lease:
    id: int
    body: str
    deliveries: int


class MessageStore:
    """One store per file and process; threads share it, each on a connection of its own."""

    def __init__(self, path: Path, *, silence: float = SILENCE_SECONDS, max_deliveries: int = MAX_DELIVERIES):
        self.path = path
        self.silence = silence
        self.max_deliveries = max_deliveries
        self._local = threading.local()
        self._lock = threading.Lock()
        self._owner: Owner | None = None
        # A connection must not be used, nor closed, in a forked child: it is kept here, untouched.
        self._inherited: list[sqlite3.Connection] = []

    # --- Producing --------------------------------------------------------------------------------
    def put(self, queue: str, body: str, *, priority: int = 0) -> None:
        with self._write() as db:
            db.execute(
                "INSERT INTO messages (queue, priority, body, put_at) VALUES (?, ?, ?, ?)",
                (queue, priority, body, time.time()),
            )

    # --- Consuming --------------------------------------------------------------------------------
    def lease(self, queue: str) -> Lease | None:
        """The next message, marked as ours. The plain read first keeps an idle worker off the write lock."""
        owner = self._own()
        if self._db().execute(READY, (queue,)).fetchone() is None:
            return None
        with self._write() as db:
            row = db.execute(
                f"UPDATE messages SET owner = ?, deliveries = deliveries + 1 WHERE id = ({READY})"  # noqa: S608
                " RETURNING id, body, deliveries",
                (owner.id, queue),
            ).fetchone()
        return Lease(*row) if row else None

    def acknowledge(self, message_id: int) -> None:
        """Only the holder may: whoever was taken for dead must not delete what another now works on."""
        owner = self._own()
        with self._write() as db:
            db.execute("DELETE FROM messages WHERE id = ? AND owner = ?", (message_id, owner.id))

    def give_back(self, message_id: int) -> None:
        """Return an unfinished message in good order: this delivery does not count against it."""
        owner = self._own()
        with self._write() as db:
            db.execute(
                "UPDATE messages SET owner = NULL, deliveries = MAX(deliveries - 1, 0)"
                " WHERE id = ? AND owner = ?",
                (message_id, owner.id),
            )

    def fail_back(self, message_id: int) -> None:
        """Return a message whose processing broke: the delivery counts, so that a poison message ends."""
        owner = self._own()
        with self._write() as db:
            db.execute("UPDATE messages SET owner = NULL WHERE id = ? AND owner = ?", (message_id, owner.id))
            self._bury_poison(db)

    # --- Housekeeping -----------------------------------------------------------------------------
    def beat(self) -> None:
        owner = self._own()
        with self._write() as db:
            self._sign_in(db, owner)

    def release_dead(self) -> int:
        """Give back what dead processes held. Returns how many messages came free."""
        rows = self._db().execute("SELECT id, host, pid, started, beat FROM owners").fetchall()
        dead = [
            row[0]
            for row in rows
            if is_dead(Owner(row[0], row[1], row[2], row[3]), last_beat=row[4], silence=self.silence)
        ]
        with self._write() as db:
            freed = sum(
                db.execute("UPDATE messages SET owner = NULL WHERE owner = ?", (o,)).rowcount for o in dead
            )
            db.executemany("DELETE FROM owners WHERE id = ?", [(o,) for o in dead])
            # An owner that signed out with messages in hand, or whose row was removed by hand.
            freed += db.execute(
                "UPDATE messages SET owner = NULL"
                " WHERE owner IS NOT NULL AND owner NOT IN (SELECT id FROM owners)"
            ).rowcount
            self._bury_poison(db)
        return freed

    def sign_out(self) -> None:
        """Leave in good order: whatever is still held goes back at once."""
        owner, self._owner = self._owner, None
        if owner is None or owner.pid != os.getpid():
            return
        with self._write() as db:
            db.execute("UPDATE messages SET owner = NULL WHERE owner = ?", (owner.id,))
            db.execute("DELETE FROM owners WHERE id = ?", (owner.id,))

    def size(self, queue: str) -> int:
        """Messages that wait; those being worked on are not counted, as on other brokers."""
        return self._count("SELECT COUNT(*) FROM messages WHERE queue = ? AND owner IS NULL", queue)

    def held(self, queue: str) -> int:
        return self._count("SELECT COUNT(*) FROM messages WHERE queue = ? AND owner IS NOT NULL", queue)

    def buried(self, queue: str) -> int:
        return self._count("SELECT COUNT(*) FROM dead_letters WHERE queue = ?", queue)

    def consumers(self) -> int:
        """Processes that signed in and still live."""
        rows = self._db().execute("SELECT id, host, pid, started, beat FROM owners").fetchall()
        return sum(not is_dead(Owner(*row[:4]), last_beat=row[4], silence=self.silence) for row in rows)

    def purge(self, queue: str) -> int:
        with self._write() as db:
            return db.execute("DELETE FROM messages WHERE queue = ? AND owner IS NULL", (queue,)).rowcount

    def close(self) -> None:
        db = getattr(self._local, "db", None)
        if db is not None and self._local.pid == os.getpid():
            db.close()
        self._local.db = None

    # --- Inside -----------------------------------------------------------------------------------
    def _own(self) -> Owner:
        """This process' owner row, drawn anew after a fork."""
        with self._lock:
            if self._owner is None or self._owner.pid != os.getpid():
                owner = current_owner()
                with self._write() as db:
                    self._sign_in(db, owner)
                self._owner = owner
            return self._owner

    @staticmethod
    def _sign_in(db: sqlite3.Connection, owner: Owner) -> None:
        db.execute(
            "INSERT INTO owners (id, host, pid, started, beat) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET beat = excluded.beat",
            (owner.id, owner.host, owner.pid, owner.started, time.time()),
        )

    def _bury_poison(self, db: sqlite3.Connection) -> None:
        """A message that killed its worker every time would otherwise stop the queue for good."""
        poison = (self.max_deliveries,)
        now = time.time()  # not SQLite's clock: fractions of a second need a newer SQLite than Debian 12 has
        db.execute(
            "INSERT INTO dead_letters (id, queue, body, deliveries, put_at, died_at)"
            " SELECT id, queue, body, deliveries, put_at, ? FROM messages"
            " WHERE owner IS NULL AND deliveries >= ?",
            (now, *poison),
        )
        db.execute("DELETE FROM messages WHERE owner IS NULL AND deliveries >= ?", poison)

    def _count(self, sql: str, queue: str) -> int:
        return int(self._db().execute(sql, (queue,)).fetchone()[0])

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        db = self._db()
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")

    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is not None and self._local.pid != os.getpid():
            self._inherited.append(db)
            db = None
        if db is None:
            db = self._connect()
            self._local.db, self._local.pid = db, os.getpid()
        return db

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.executescript(SCHEMA)
        return db
