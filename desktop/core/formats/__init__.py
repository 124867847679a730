"""The export formats by name, in the order in which they are offered: a new one is a module and a word below."""

from desktop.core.formats import ass, docx, edl, html, json, markdown, srt, table, ttml, txt, vtt
from desktop.core.formats.format import Format, WriteOptions
from desktop.core.formats.preview import preview

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        srt.FORMAT,
        vtt.FORMAT,
        txt.FORMAT,
        docx.FORMAT,
        markdown.FORMAT,
        html.FORMAT,
        json.FORMAT,
        table.CSV,
        table.TSV,
        ass.FORMAT,
        ttml.FORMAT,
        edl.FORMAT,
    )
}

__all__ = ["FORMATS", "Format", "WriteOptions", "preview"]
