"""Refusals of this app, by name."""

from django.utils.translation import gettext_lazy as _

from foundation.exceptions import InvalidInput, Refusal


class FileRefused(InvalidInput):
    """A corpus file that cannot be used; its faults, with line numbers, are kept on the `CorpusFile`."""

    code = "file_refused"
    default_message = _("The file was refused and nothing of it was imported. See the lines and reasons.")


class AlreadyDecided(Refusal):
    """Another reviewer was faster; `details["candidate"]` shows how it stands now."""

    code = "already_decided"
    default_message = _("Somebody else has decided this candidate in the meantime.")


class NotUndoable(Refusal):
    code = "not_undoable"
    default_message = _("This decision can no longer be undone, because later decisions build on it.")


class CorpusEmpty(Refusal):
    code = "corpus_empty"
    default_message = _("This corpus has no documents yet. Import a file first.")


class NothingToAsk(Refusal):
    code = "nothing_to_ask"
    default_message = _("There is nothing that the language model has not been asked about yet.")
