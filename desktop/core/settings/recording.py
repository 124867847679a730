"""What is recorded, and whether it is written down at once."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.i18n import mark
from desktop.core.languages import LANGUAGES
from desktop.core.options import AUTO
from desktop.core.settings.about import RECORDING, About, named, setting
from desktop.core.settings.recognition import AS_FILES

MICROPHONE, SYSTEM, BOTH = "microphone", "system", "both"
SOURCES = (MICROPHONE, SYSTEM, BOTH)
"""What is recorded from."""


@dataclass(frozen=True)
class RecordingSettings:
    """For the recorder and `undertone record`."""

    sources: str = setting(
        MICROPHONE,
        About(
            RECORDING,
            mark("Record"),
            mark("The sound of the system is what the others say in a call. Both: two speakers, each on a track."),
            "choice",
            named(SOURCES, mark("The microphone"), mark("The sound of the system"), mark("Both, as two tracks")),
        ),
    )
    microphone: str = setting(
        "",
        About(
            RECORDING,
            mark("Microphone"),
            mark("Remembered by its name. Where it is not plugged in, the one that the system uses is taken."),
            "microphone",
        ),
    )
    system_sound: str = setting(
        "",
        About(
            RECORDING,
            mark("Sound of the system"),
            mark("The loudspeaker or headphones whose sound is recorded."),
            "system-sound",
        ),
    )
    live: bool = setting(
        True,
        About(
            RECORDING,
            mark("Text while people speak"),
            mark("Off: only the sound is recorded, and transcribed when you wish."),
            "switch",
        ),
    )
    record_language: str = setting(
        AS_FILES,
        About(
            RECORDING,
            mark("Language of recordings"),
            mark("Text that comes while people speak is surer where their language is chosen."),
            "choice",
            {AS_FILES: mark("As for files"), AUTO: mark("Automatic")} | LANGUAGES,
        ),
    )
    recordings_folder: str = setting(
        "",
        About(RECORDING, mark("Folder of recordings"), mark("Empty: with the data of Undertone."), "folder"),
    )
