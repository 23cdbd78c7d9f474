"""Word documents: the blocks of a report, one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from django.utils.translation import get_language

from consensus.exports.base import Note
from consensus.report.blocks import TITLE, Block, Grid, Heading, Paragraph
from foundation.word import add_table, inert, new_document, saved

SMALL, AFTER_A_TABLE = 8.5, 4


class DocxWriter:
    suffix = "docx"
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def write(self, target: IO[bytes], blocks: Iterable[Block], note: Note) -> None:
        document = new_document(title="", language=get_language() or "en")
        before: Block | None = None
        for done, block in enumerate(blocks, 1):
            if isinstance(block, Heading):
                self._heading(document, block)
            elif isinstance(block, Grid):
                add_table(document, block.rows, block.header, widths=block.widths, size=block.size)
            else:
                self._paragraph(document, block, after_table=isinstance(before, Grid))
            before = block
            note(done)
        target.write(saved(document))

    def _heading(self, document, block: Heading) -> None:
        if block.level == TITLE:
            document.core_properties.title = inert(block.text)[:255]
        document.add_heading(inert(block.text), block.level)

    def _paragraph(self, document, block: Paragraph, *, after_table: bool) -> None:
        from docx.shared import Pt

        paragraph = document.add_paragraph(style="List Bullet" if block.is_item else None)
        if after_table:
            paragraph.paragraph_format.space_before = Pt(AFTER_A_TABLE)
        if block.lead:
            paragraph.add_run(inert(block.lead)).bold = True
        run = paragraph.add_run(inert(block.text))
        if block.is_small:
            run.font.size = Pt(SMALL)
