"""Sessions in the database, looked up with a query that is put into SQL once: every request asks for one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from foundation.prepared import Prepared

_ALIVE = Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Any:
        found = _ALIVE.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
