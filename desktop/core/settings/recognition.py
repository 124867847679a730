"""How speech is heard, where nobody says otherwise for a file."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.i18n import mark
from desktop.core.languages import LANGUAGES
from desktop.core.options import (
    AUTO,
    CARDS,
    COMPUTE_TYPES,
    DEVICES,
    FALLBACK_TEMPERATURES,
    LANGUAGE_SCOPES,
    MODES,
    TASKS,
)
from desktop.core.settings.about import RECOGNITION, About, named, setting

AS_FILES = "as-files"
"""The language of recordings or of dictation that is whatever the one of files is."""


@dataclass(frozen=True)
class RecognitionSettings:
    """What a new job starts with."""

    model: str = setting(
        AUTO,
        About(RECOGNITION, mark("Model"), mark("Automatic takes the best one installed."), "model"),
    )
    language: str = setting(
        AUTO,
        About(
            RECOGNITION,
            mark("Spoken language"),
            mark("Automatic listens at several places of each file. Choosing it is surer."),
            "choice",
            {AUTO: mark("Automatic")} | LANGUAGES,
        ),
    )
    languages: str = setting(
        "file",
        About(
            RECOGNITION,
            mark("Languages in a file"),
            mark("For talk that changes its language. Counts where the spoken language is automatic."),
            "choice",
            named(LANGUAGE_SCOPES, mark("One"), mark("Several, looked for all the time")),
        ),
    )
    task: str = setting(
        "transcribe",
        About(
            RECOGNITION,
            mark("Write"),
            mark("Translation needs a multilingual model and always goes into English."),
            "choice",
            named(TASKS, mark("In the spoken language"), mark("Translated into English")),
        ),
    )
    mode: str = setting(
        "fast",
        About(
            RECOGNITION,
            mark("Way of working"),
            mark("Fast hears several stretches together. Precise goes one by one and knows the text before: slower."),
            "choice",
            named(MODES, mark("Fast"), mark("Precise")),
        ),
    )
    hotwords: str = setting(
        "",
        About(
            RECOGNITION,
            mark("Names and words"),
            mark("Names and terms that will be said, with commas between: they are spelt like here."),
            "text",
        ),
    )
    prompt: str = setting(
        "",
        About(
            RECOGNITION,
            mark("Text before"),
            mark("A sentence or two as the transcript should read: its style and punctuation are taken up."),
            "text",
        ),
    )
    vad: bool = setting(
        True,
        About(
            RECOGNITION,
            mark("Skip silence"),
            mark("Only speech is given to the model: faster, and nothing is made up in pauses. Off for singing."),
            "switch",
        ),
    )
    beam_size: int = setting(
        5,
        About(
            RECOGNITION,
            mark("Beam size"),
            mark("How many readings are weighed against each other. 5 is right; 1 is faster and worse."),
            "number",
            minimum=1,
            maximum=20,
        ),
    )
    temperatures: tuple[float, ...] = setting(
        FALLBACK_TEMPERATURES,
        About(
            RECOGNITION,
            mark("Temperatures"),
            mark("More than one: doubtful text is heard again, at last with words drawn at random. A single 0: once."),
            "numbers",
            minimum=0,
            maximum=1,
        ),
    )
    device: str = setting(
        AUTO,
        About(
            RECOGNITION,
            mark("Device"),
            mark("Automatic takes the graphics card when it passes a self-test, else the processor."),
            "choice",
            named(DEVICES, mark("Automatic"), mark("Processor"), mark("Graphics card (CUDA)"))
            | {name: name.upper() for name in CARDS[1:]},
        ),
    )
    compute_type: str = setting(
        AUTO,
        About(
            RECOGNITION,
            mark("Compute type"),
            mark("Automatic: int8_float16 on a graphics card, int8 on the processor."),
            "choice",
            {one: one for one in COMPUTE_TYPES} | {AUTO: mark("Automatic")},
        ),
    )
