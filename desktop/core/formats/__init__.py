"""The export formats by name, in the order in which they are offered: a new one is a module and a word below."""

from desktop.core.formats import json, srt, txt, vtt
from desktop.core.formats.format import Format, WriteOptions

FORMATS: dict[str, Format] = {one.name: one for one in (srt.FORMAT, vtt.FORMAT, txt.FORMAT, json.FORMAT)}

__all__ = ["FORMATS", "Format", "WriteOptions"]
