"""Why a file or a line was refused, in words. Codes are stored, words are made when a person reads them."""

from django.utils.translation import gettext_lazy as _

REASONS = {
    "empty": _("The file holds no record."),
    "unknown_format": _("The format was not recognised. Choose it by hand, or export as CSV or JSON Lines."),
    "archive": _(
        "This kind of archive or office file is not read. A zip may hold one file of records, or PDF and DOCX "
        "documents; save .xls and .doc as .xlsx and .docx."
    ),
    "binary": _("This is neither text nor one of the known kinds of document."),
    "wrong_format": _("The file is not of the format that was chosen. Let it be recognised."),
    "damaged_gzip": _("The compressed file is damaged or cut off."),
    "damaged_office": _("The office file is damaged or is none."),
    "damaged_pdf": _("The PDF is damaged or is none."),
    "pdf_too_costly": _("Reading the PDF took more time or memory than is allowed."),
    "too_many_pages": _("The PDF has more pages than is allowed."),
    "no_text_layer": _("The document has no text: it may be a scanned image."),
    "locked": _("The file is locked with a password."),
    "unsafe_name": _("A name inside the archive points outside it."),
    "too_many_members": _("The archive holds more files than is allowed."),
    "too_many_strings": _("The sheet holds more text than is allowed. Export it as CSV."),
    "expands_too_much": _("The compressed file expands to far more than a text file would."),
    "too_large": _("The file is larger than this platform accepts."),
    "encoding": _("The text is neither UTF-8, UTF-16 nor GB18030. Save it as UTF-8."),
    "nul": _("There is a NUL character in the text."),
    "line_too_long": _("The line is longer than any record could be."),
    "record_too_long": _("The record is longer than any record could be, or its end is missing."),
    "not_json": _("This is not valid JSON."),
    "not_object": _("A record must be a JSON object with named fields."),
    "json_cut_off": _("The list of records is not closed: the file is cut off."),
    "json_after_end": _("There is more text after the end of the list."),
    "too_deep": _("The record is nested too deeply."),
    "header_missing": _("The first line names no title and no abstract column."),
    "csv_broken": _("The line breaks the rules of CSV: a quotation mark is missing or out of place."),
    "csv_cells": _("The line has more or fewer cells than the header."),
    "no_text": _("The record has neither title nor abstract."),
    "bad_date": _("The date is not understood. Write 2024, 2024-05 or 2024-05-31."),
    "bad_year": _("The year is not between 1500 and 2200."),
    "bad_value": _("A field holds something that is not text."),
    "id_too_long": _("The identifier is longer than 200 characters."),
    "not_tagged": _("The line does not begin with a field tag."),
    "record_cut_off": _("The last record has no end: the file is cut off."),
    "bibtex_broken": _("A brace or quotation mark of this entry is not closed."),
    "xml_broken": _("This is not well-formed XML."),
    "xml_entities": _("XML that defines its own entities or document type is refused."),
    "not_feed": _("This is not an RSS or Atom feed."),
    "more": _("Reading stopped here: there are too many faults to list."),
}


def reason(code: str) -> str:
    return str(REASONS.get(code, code))
