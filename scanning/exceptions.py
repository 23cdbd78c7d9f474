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


class JudgedByTwo(Refusal):
    code = "judged_by_two"
    default_message = _("In this study two reviewers judge each candidate before it is decided.")


class NotSigned(Refusal):
    code = "not_signed"
    default_message = _("A second person has to sign the wording before it goes to the technology list.")


class SignedAlone(Refusal):
    code = "signed_alone"
    default_message = _("Who accepted or worded it last cannot sign it. A second person has to.")


class NoYears(Refusal):
    code = "no_years"
    default_message = _("The corpus has too few years with documents for this backtest.")


class CorpusChanged(Refusal):
    code = "corpus_changed"
    default_message = _(
        "Documents of this corpus were changed while it was read. Try again when imports are done."
    )


class NothingToAsk(Refusal):
    code = "nothing_to_ask"
    default_message = _("There is nothing that the language model has not been asked about yet.")


class ListsRest(Refusal):
    code = "lists_rest"
    default_message = _("It cannot be removed: lists of candidates rest on its documents.")
