"""Every setting, declared once: default, label, help and limits. The dialog, the file and the tests read this."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from typing import Any, Literal

from desktop.core.errors import BadOption
from desktop.core.formats import FORMATS
from desktop.core.i18n import _, mark
from desktop.core.languages import LANGUAGES
from desktop.core.options import (
    AUTO,
    COMPUTE_TYPES,
    DEVICES,
    FALLBACK_TEMPERATURES,
    LANGUAGE_SCOPES,
    MODES,
    TASKS,
    Options,
)
from desktop.core.review import THRESHOLD
from desktop.core.rules import PRESETS

Kind = Literal["switch", "choice", "choices", "number", "numbers", "text", "folder", "model"]

OWN_STYLE = "own"
"""The subtitle style whose rules lie in a file of the user."""

COLLISIONS = ("rename", "overwrite", "skip")


@dataclass(frozen=True, slots=True)
class About:
    """What the dialog needs to draw one setting. `choices` maps a value to what the user reads."""

    page: str
    label: str
    help: str
    kind: Kind
    choices: dict[str, str] = field(default_factory=dict)
    minimum: float = 0
    maximum: float = 0

    def accepts(self, value: object) -> bool:
        """Whether a value of the file or the command line is within the limits."""
        match self.kind:
            case "switch":
                return isinstance(value, bool)
            case "choice":
                return isinstance(value, str) and value in self.choices
            case "choices":
                return isinstance(value, tuple) and all(
                    isinstance(part, str) and part in self.choices for part in value
                )
            case "number":
                return isinstance(value, int) and not isinstance(value, bool) and self.minimum <= value <= self.maximum
            case "numbers":
                return (
                    isinstance(value, tuple)
                    and bool(value)
                    and all(isinstance(part, float) and self.minimum <= part <= self.maximum for part in value)
                )
            case "text" | "folder" | "model":
                return isinstance(value, str)


def _setting(default: Any, about: About) -> Any:
    return field(default=default, metadata={"about": about})


def _same(values: tuple[str, ...]) -> dict[str, str]:
    return {value: mark("Automatic") if value == AUTO else value for value in values}


RECOGNITION = mark("Recognition")
QUEUE = mark("Queue")
EXPORT = mark("Export")
APPEARANCE = mark("Appearance")
PAGES = (RECOGNITION, QUEUE, EXPORT, APPEARANCE)


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the user can choose for good. A change makes a new value."""

    model: str = _setting(
        AUTO,
        About(RECOGNITION, mark("Model"), mark("Automatic takes the best one installed."), "model"),
    )
    language: str = _setting(
        AUTO,
        About(
            RECOGNITION,
            mark("Spoken language"),
            mark("Automatic listens at several places of each file. Choosing it is surer."),
            "choice",
            {AUTO: mark("Automatic")} | LANGUAGES,
        ),
    )
    languages: str = _setting(
        "file",
        About(
            RECOGNITION,
            mark("Languages in a file"),
            mark("For talk that changes its language. Counts where the spoken language is automatic."),
            "choice",
            dict(zip(LANGUAGE_SCOPES, (mark("One"), mark("Several, looked for all the time")), strict=True)),
        ),
    )
    task: str = _setting(
        "transcribe",
        About(
            RECOGNITION,
            mark("Write"),
            mark("Translation needs a multilingual model and always goes into English."),
            "choice",
            dict(zip(TASKS, (mark("In the spoken language"), mark("Translated into English")), strict=True)),
        ),
    )
    mode: str = _setting(
        "fast",
        About(
            RECOGNITION,
            mark("Way of working"),
            mark("Fast hears several stretches together. Precise goes one by one and knows the text before: slower."),
            "choice",
            dict(zip(MODES, (mark("Fast"), mark("Precise")), strict=True)),
        ),
    )
    hotwords: str = _setting(
        "",
        About(
            RECOGNITION,
            mark("Names and words"),
            mark("Names and terms that will be said, with commas between: they are spelt like here."),
            "text",
        ),
    )
    prompt: str = _setting(
        "",
        About(
            RECOGNITION,
            mark("Text before"),
            mark("A sentence or two as the transcript should read: its style and punctuation are taken up."),
            "text",
        ),
    )
    vad: bool = _setting(
        True,
        About(
            RECOGNITION,
            mark("Skip silence"),
            mark("Only speech is given to the model: faster, and nothing is made up in pauses. Off for singing."),
            "switch",
        ),
    )
    beam_size: int = _setting(
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
    temperatures: tuple[float, ...] = _setting(
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
    device: str = _setting(
        AUTO,
        About(
            RECOGNITION,
            mark("Device"),
            mark("Automatic takes the graphics card when it passes a self-test, else the processor."),
            "choice",
            dict(zip(DEVICES, (mark("Automatic"), mark("Processor"), mark("Graphics card (CUDA)")), strict=True)),
        ),
    )
    compute_type: str = _setting(
        AUTO,
        About(
            RECOGNITION,
            mark("Compute type"),
            mark("Automatic: int8_float16 on a graphics card, int8 on the processor."),
            "choice",
            _same(COMPUTE_TYPES),
        ),
    )
    start_at_once: bool = _setting(
        True,
        About(QUEUE, mark("Start when files are added"), mark("Off: files wait until you press Start."), "switch"),
    )
    resume_by_itself: bool = _setting(
        False,
        About(
            QUEUE,
            mark("Go on by itself after an interruption"),
            mark("Work that a crash or a shutdown cut off goes on at the next start, from where it was."),
            "switch",
        ),
    )
    keep_awake: bool = _setting(
        True,
        About(
            QUEUE, mark("Keep the machine awake"), mark("While the queue works, the machine does not sleep."), "switch"
        ),
    )
    notify: bool = _setting(
        True,
        About(
            QUEUE,
            mark("Notify when the queue is done"),
            mark("A message of the desktop, with the number of files."),
            "switch",
        ),
    )
    auto_export: bool = _setting(
        False,
        About(EXPORT, mark("Export by itself"), mark("Files are written as soon as a transcript is done."), "switch"),
    )
    export_formats: tuple[str, ...] = _setting(
        ("srt", "vtt"),
        About(
            EXPORT,
            mark("Formats"),
            mark("What is written by itself, and what Export offers first."),
            "choices",
            {one.name: one.label for one in FORMATS.values()},
        ),
    )
    export_folder: str = _setting(
        "",
        About(EXPORT, mark("Folder"), mark("Empty: beside the source file."), "folder"),
    )
    collision: str = _setting(
        "rename",
        About(
            EXPORT,
            mark("When a file is already there"),
            mark("“Keep both” writes talk (2).srt."),
            "choice",
            dict(zip(COLLISIONS, (mark("Keep both"), mark("Replace it"), mark("Leave it as it is")), strict=True)),
        ),
    )
    subtitle_style: str = _setting(
        "default",
        About(
            EXPORT,
            mark("Subtitle style"),
            mark("How long lines and cues are, and how fast they are read. The table of cues shows what breaks it."),
            "choice",
            {one.name: one.label for one in PRESETS.values()} | {OWN_STYLE: mark("Own style")},
        ),
    )
    word_timestamps: bool = _setting(
        False,
        About(
            EXPORT,
            mark("Word times in VTT and ASS"),
            mark("Players that can, light up each word as it is said."),
            "switch",
        ),
    )
    export_suspects: bool = _setting(
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
    doubt_percent: int = _setting(
        round(100 * THRESHOLD),
        About(
            APPEARANCE,
            mark("Mark words below this probability (percent)"),
            mark("The review goes through them. 0 marks none."),
            "number",
            minimum=0,
            maximum=99,
        ),
    )
    theme: str = _setting(
        "system",
        About(
            APPEARANCE,
            mark("Colours"),
            mark("Follows the system, or is always light or dark."),
            "choice",
            {"system": mark("As the system"), "light": mark("Light"), "dark": mark("Dark")},
        ),
    )
    close_to_tray: bool = _setting(
        True,
        About(
            APPEARANCE,
            mark("Keep running in the tray when the window is closed"),
            mark("Work goes on without a window. Quit in the tray menu ends the program."),
            "switch",
        ),
    )

    def with_value(self, name: str, value: object) -> Settings:
        """The settings with one of them changed. Raises BadOption outside its limits."""
        about = about_setting(name)
        if not about.accepts(value):
            raise BadOption(value=str(value)[:80], option=_(about.label), possible=_possible(about))
        return replace(self, **{name: value})  # type: ignore[arg-type]

    def options(self) -> Options:
        """What a new job starts with."""
        return Options(
            model=self.model,
            language=self.language,
            task=self.task,
            device=self.device,
            compute_type=self.compute_type,
            beam_size=self.beam_size,
            temperatures=self.temperatures,
            vad=self.vad,
            mode=self.mode,
            languages=self.languages,
            hotwords=self.hotwords,
            prompt=self.prompt,
        )


def _possible(about: About) -> str:
    if about.choices:
        return ", ".join(about.choices)
    return f"{about.minimum:g}–{about.maximum:g}" if about.maximum else about.kind


def about_settings() -> Iterator[tuple[str, About]]:
    """Name and declaration of every setting, in the order of the dialog."""
    return ((one.name, one.metadata["about"]) for one in fields(Settings))


def about_setting(name: str) -> About:
    """The declaration of one setting."""
    return dict(about_settings())[name]


def default_of(name: str) -> Any:
    """What a setting is before anyone changes it."""
    one: Field[Any] = {one.name: one for one in fields(Settings)}[name]
    assert one.default is not MISSING
    return one.default
