"""Which files are written of a transcript, where and how."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.formats import FORMATS
from desktop.core.i18n import mark
from desktop.core.rules import PRESETS
from desktop.core.settings.about import EXPORT, About, named, setting

OWN_STYLE = "own"
"""The subtitle style whose rules lie in a file of the user."""

COLLISIONS = ("rename", "overwrite", "skip")


@dataclass(frozen=True)
class ExportSettings:
    """What the export of a file starts with."""

    auto_export: bool = setting(
        False,
        About(EXPORT, mark("Export by itself"), mark("Files are written as soon as a transcript is done."), "switch"),
    )
    export_formats: tuple[str, ...] = setting(
        ("srt", "vtt"),
        About(
            EXPORT,
            mark("Formats"),
            mark("What is written by itself, and what Export offers first."),
            "choices",
            {one.name: one.label for one in FORMATS.values()},
        ),
    )
    export_folder: str = setting(
        "",
        About(EXPORT, mark("Folder"), mark("Empty: beside the source file."), "folder"),
    )
    collision: str = setting(
        "rename",
        About(
            EXPORT,
            mark("When a file is already there"),
            mark("“Keep both” writes talk (2).srt."),
            "choice",
            named(COLLISIONS, mark("Keep both"), mark("Replace it"), mark("Leave it as it is")),
        ),
    )
    subtitle_style: str = setting(
        "default",
        About(
            EXPORT,
            mark("Subtitle style"),
            mark("How long lines and cues are, and how fast they are read. The table of cues shows what breaks it."),
            "choice",
            {one.name: one.label for one in PRESETS.values()} | {OWN_STYLE: mark("Own style")},
        ),
    )
    word_timestamps: bool = setting(
        False,
        About(
            EXPORT,
            mark("Word times in VTT and ASS"),
            mark("Players that can, light up each word as it is said."),
            "switch",
        ),
    )
    export_suspects: bool = setting(
        False,
        About(
            EXPORT,
            mark("Write doubtful text too"),
            mark(
                "Text that may not have been said is shown grey. Off: it is left out of what is written, but for JSON."
            ),
            "switch",
        ),
    )
