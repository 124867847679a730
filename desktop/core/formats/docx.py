"""DOCX: a document for Word and LibreOffice, with times and speakers."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from desktop.core.formats.format import Format, WriteOptions, short_timestamp
from desktop.core.formats.prose import Paragraph, paragraphs
from desktop.core.i18n import _, mark
from desktop.core.transcript import DEMO_MODEL, Transcript

_QUIET = (0x6A, 0x6A, 0x70)


def write(transcript: Transcript, options: WriteOptions) -> bytes:
    """The transcript with its times, unless these are not wanted; the same bytes for the same transcript."""
    import docx

    document = docx.Document()
    heading = options.heading(transcript)
    _describe(document.core_properties, heading, transcript)
    if heading:
        document.add_heading(heading, 0)
    if transcript.is_demo:
        document.add_paragraph().add_run(_(DEMO_MODEL)).italic = True
    end = document.element.body.sectPr
    for one in paragraphs(transcript, options):
        _fill(_added(document, end), one, options.shows_times(usual=True))
    file = io.BytesIO()
    document.save(file)
    return _undated(file.getvalue())


def _describe(about: Any, heading: str, transcript: Transcript) -> None:
    about.title = heading[:255]
    about.author = "Undertone"
    about.comments = ""
    about.language = transcript.language[:255]
    # The dates are those of the library's own template.
    for date in about._element.xpath("dcterms:created | dcterms:modified"):
        about._element.remove(date)


def _added(document: Any, end: Any) -> Any:
    """A new paragraph before the end, which `add_paragraph` would look for each time: quadratic in long ones."""
    from docx.oxml import OxmlElement
    from docx.text.paragraph import Paragraph as DocumentParagraph

    element = OxmlElement("w:p")
    end.addprevious(element)
    return DocumentParagraph(element, document)


def _fill(added: Any, paragraph: Paragraph, times: bool) -> None:
    from docx.shared import RGBColor

    if times:
        time = added.add_run(f"{short_timestamp(paragraph.start_ms)}  ")
        time.font.color.rgb = RGBColor(*_QUIET)
    if paragraph.speaker:
        added.add_run(f"{paragraph.speaker}: ").bold = True
    added.add_run(paragraph.text)


def _undated(packed: bytes) -> bytes:
    """The same archive without the time of day in it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(zipfile.ZipInfo(name), before.read(name), zipfile.ZIP_DEFLATED)
    return file.getvalue()


FORMAT = Format("docx", ".docx", mark("Word document"), write)
