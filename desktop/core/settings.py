"""Every setting, declared once: default, label, help and limits. The dialog, the file and the tests read this."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from typing import Any, Literal, TypeGuard

from desktop.core.dictation import TRIGGERS, Trigger
from desktop.core.errors import BadOption
from desktop.core.formats import FORMATS
from desktop.core.i18n import _, mark
from desktop.core.insertion import METHODS, Method
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
    Options,
)
from desktop.core.replacements import Replacement
from desktop.core.review import THRESHOLD
from desktop.core.rules import PRESETS
from desktop.core.spoken import Tidying

Kind = Literal[
    "switch",
    "choice",
    "choices",
    "number",
    "numbers",
    "text",
    "folder",
    "model",
    "microphone",
    "system-sound",
    "shortcut",
    "methods",
    "words",
]
Pairs = tuple[tuple[str, str], ...]
"""The rows of a table of two columns."""

OWN_STYLE = "own"
"""The subtitle style whose rules lie in a file of the user."""

COLLISIONS = ("rename", "overwrite", "skip")

ON_BATTERY, ALWAYS, NEVER = "battery", "always", "never"
AS_FILES = "as-files"
"""The language of recordings that is whatever the one of files is."""

MICROPHONE, SYSTEM, BOTH = "microphone", "system", "both"
SOURCES = (MICROPHONE, SYSTEM, BOTH)
"""What is recorded from."""

BOTTOM, TOP, OWN_PLACE, NOWHERE = "bottom", "top", "own", "nowhere"
"""Where the sign of dictation stands. Its own place is where the user has drawn it to."""
UNKEPT, FOR_GOOD = "none", "always"
"""How long something is kept, in days or one of these."""


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
        fits: bool
        match self.kind:
            case "switch":
                fits = isinstance(value, bool)
            case "choice":
                fits = isinstance(value, str) and value in self.choices
            case "choices":
                fits = isinstance(value, tuple) and all(
                    isinstance(part, str) and part in self.choices for part in value
                )
            case "number":
                fits = isinstance(value, int) and not isinstance(value, bool) and self.minimum <= value <= self.maximum
            case "numbers":
                fits = (
                    isinstance(value, tuple)
                    and bool(value)
                    and all(isinstance(part, float) and self.minimum <= part <= self.maximum for part in value)
                )
            case "text" | "folder" | "model" | "microphone" | "system-sound" | "shortcut":
                fits = isinstance(value, str)
            case "methods":
                fits = _are_pairs(value) and all(program and method in METHODS for program, method in value)
            case "words":
                fits = _are_pairs(value) and all(any(map(str.isalnum, heard or written)) for heard, written in value)
        return fits


def _are_pairs(value: object) -> TypeGuard[Pairs]:
    return isinstance(value, tuple) and all(
        isinstance(pair, tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair) for pair in value
    )


def _setting(default: Any, about: About) -> Any:
    return field(default=default, metadata={"about": about})


def _same(values: tuple[str, ...]) -> dict[str, str]:
    return {value: mark("Automatic") if value == AUTO else value for value in values}


RECOGNITION = mark("Recognition")
MODELS = mark("Models")
RECORDING = mark("Recording")
DICTATION = mark("Dictation")
QUEUE = mark("Queue")
EXPORT = mark("Export")
APPEARANCE = mark("Appearance")
PAGES = (RECOGNITION, MODELS, RECORDING, DICTATION, QUEUE, EXPORT, APPEARANCE)


_TIMES = {
    UNKEPT: mark("Not at all"),
    "1": mark("For a day"),
    "7": mark("For a week"),
    "30": mark("For a month"),
    FOR_GOOD: mark("For good"),
}


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
            dict(zip(DEVICES, (mark("Automatic"), mark("Processor"), mark("Graphics card (CUDA)")), strict=True))
            | {name: name.upper() for name in CARDS[1:]},
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
    idle_minutes: int = _setting(
        2,
        About(
            MODELS,
            mark("Free the memory after (minutes)"),
            mark("A model that has nothing to do leaves the memory. The next file waits until it is loaded again."),
            "number",
            minimum=1,
            maximum=600,
        ),
    )
    offline: bool = _setting(
        False,
        About(
            MODELS,
            mark("Stay offline"),
            mark("Nothing is ever fetched from the internet. Models can still be added from a folder or a zip."),
            "switch",
        ),
    )
    mirror: str = _setting(
        "",
        About(
            MODELS,
            mark("Address of a mirror"),
            mark("Where models are fetched. Empty: what HF_ENDPOINT says, else Hugging Face itself."),
            "text",
        ),
    )
    sources: str = _setting(
        MICROPHONE,
        About(
            RECORDING,
            mark("Record"),
            mark("The sound of the system is what the others say in a call. Both: two speakers, each on a track."),
            "choice",
            dict(
                zip(
                    SOURCES,
                    (mark("The microphone"), mark("The sound of the system"), mark("Both, as two tracks")),
                    strict=True,
                )
            ),
        ),
    )
    microphone: str = _setting(
        "",
        About(
            RECORDING,
            mark("Microphone"),
            mark("Remembered by its name. Where it is not plugged in, the one that the system uses is taken."),
            "microphone",
        ),
    )
    system_sound: str = _setting(
        "",
        About(
            RECORDING,
            mark("Sound of the system"),
            mark("The loudspeaker or headphones whose sound is recorded."),
            "system-sound",
        ),
    )
    live: bool = _setting(
        True,
        About(
            RECORDING,
            mark("Text while people speak"),
            mark("Off: only the sound is recorded, and transcribed when you wish."),
            "switch",
        ),
    )
    record_language: str = _setting(
        AS_FILES,
        About(
            RECORDING,
            mark("Language of recordings"),
            mark("Text that comes while people speak is surer where their language is chosen."),
            "choice",
            {AS_FILES: mark("As for files"), AUTO: mark("Automatic")} | LANGUAGES,
        ),
    )
    recordings_folder: str = _setting(
        "",
        About(RECORDING, mark("Folder of recordings"), mark("Empty: with the data of Undertone."), "folder"),
    )
    dictation: bool = _setting(
        False,
        About(
            DICTATION,
            mark("Dictate into other programs"),
            mark("Press the shortcut in any program and speak: the text goes where the keyboard is."),
            "switch",
        ),
    )
    dictation_shortcut: str = _setting(
        "Ctrl+Alt+Space",
        About(
            DICTATION,
            mark("Shortcut"),
            mark("Works in every program. Click the field and press the keys."),
            "shortcut",
        ),
    )
    dictation_drop_shortcut: str = _setting(
        "Ctrl+Alt+V",
        About(
            DICTATION,
            mark("Shortcut for a text that waits"),
            mark("Inserts a text that found no place. It is taken only while there is one."),
            "shortcut",
        ),
    )
    dictation_trigger: str = _setting(
        Trigger.BOTH.value,
        About(
            DICTATION,
            mark("What the shortcut does"),
            mark("A short press is a tap. Esc throws away what is being said."),
            "choice",
            {trigger.value: label for trigger, label in TRIGGERS.items()},
        ),
    )
    dictation_language: str = _setting(
        AS_FILES,
        About(
            DICTATION,
            mark("Language of dictation"),
            mark("Choosing it is surer and faster, above all for a few words."),
            "choice",
            {AS_FILES: mark("As for files"), AUTO: mark("Automatic")} | LANGUAGES,
        ),
    )
    dictation_model: str = _setting(
        AUTO,
        About(
            DICTATION,
            mark("Model for dictation"),
            mark("It stays in memory, so that text comes at once. Small ones are fast."),
            "model",
        ),
    )
    dictation_microphone: str = _setting(
        "",
        About(
            DICTATION,
            mark("Microphone for dictation"),
            mark("Where it is not plugged in, the one that the system uses is taken."),
            "microphone",
        ),
    )
    dictation_place: str = _setting(
        BOTTOM,
        About(
            DICTATION,
            mark("Show what is heard"),
            mark("A small sign above all windows, which never takes the keyboard. It can be drawn elsewhere."),
            "choice",
            {
                BOTTOM: mark("At the bottom of the screen"),
                TOP: mark("At the top of the screen"),
                OWN_PLACE: mark("Where it was drawn to"),
                NOWHERE: mark("Not at all"),
            },
        ),
    )
    dictation_sounds: bool = _setting(
        False,
        About(
            DICTATION,
            mark("Soft sounds at the start and the end"),
            mark("The first tells that the microphone hears. It is not recognised."),
            "switch",
        ),
    )
    dictation_pre_roll_ms: int = _setting(
        0,
        About(
            DICTATION,
            mark("Hear what was said before the key (milliseconds)"),
            mark("The microphone is on all the time then, in memory only, and the tray shows it. 0: off."),
            "number",
            minimum=0,
            maximum=3000,
        ),
    )
    dictation_marks: bool = _setting(
        True,
        About(
            DICTATION,
            mark("Spoken punctuation"),
            mark("“Comma”, “full stop” and “new line” are written as signs, in English, German, Spanish and French."),
            "switch",
        ),
    )
    dictation_fillers: bool = _setting(
        False,
        About(DICTATION, mark("Leave out “um” and “er”"), mark("Words that say nothing are not written."), "switch"),
    )
    dictation_space_after: bool = _setting(
        True,
        About(
            DICTATION,
            mark("A space after the text"),
            mark("The next dictation follows it then. Left out where it does not belong."),
            "switch",
        ),
    )
    dictation_words: Pairs = _setting(
        (),
        About(
            DICTATION,
            mark("Own words"),
            mark("What is heard, and what is written instead. With nothing heard: a word that is spelt like this."),
            "words",
        ),
    )
    dictation_methods: Pairs = _setting(
        (),
        About(
            DICTATION,
            mark("How text gets into programs"),
            mark("Undertone pastes, and knows the usual terminals. Say here where it has to be done otherwise."),
            "methods",
        ),
    )
    dictation_history: str = _setting(
        "30",
        About(
            DICTATION,
            mark("Keep the texts of dictations"),
            mark("On this machine only. Earlier ones are deleted."),
            "choice",
            _TIMES,
        ),
    )
    dictation_sound_time: str = _setting(
        "1",
        About(
            DICTATION,
            mark("Keep their sound"),
            mark("To hear it, or to recognise it again with another model."),
            "choice",
            _TIMES,
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
    leave_room: str = _setting(
        ON_BATTERY,
        About(
            QUEUE,
            mark("Leave room for other programs"),
            mark("Half of the processor is used, and other programs come first."),
            "choice",
            {ON_BATTERY: mark("On battery"), ALWAYS: mark("Always"), NEVER: mark("Never")},
        ),
    )
    watch_machine: bool = _setting(
        True,
        About(
            QUEUE,
            mark("Watch memory and heat"),
            mark(
                "While the queue works: at 90 % of memory fewer stretches are heard together; in great heat it rests."
            ),
            "switch",
        ),
    )
    keep_awake: bool = _setting(
        True,
        About(
            QUEUE,
            mark("Keep the machine awake"),
            mark("While the queue works or a recording runs, the machine does not sleep."),
            "switch",
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

    def record_options(self) -> Options:
        """What a recording starts with."""
        options = self.options()
        return options if self.record_language == AS_FILES else replace(options, language=self.record_language)

    def dictation_options(self) -> Options:
        """What a dictation is recognised with: at once, so without a second reading."""
        language = self.language if self.dictation_language == AS_FILES else self.dictation_language
        return replace(
            self.options(), model=self.dictation_model, language=language, task="transcribe", beam_size=1, prompt=""
        )

    def tidying(self, language: str) -> Tidying:
        """What is done to the text of a dictation in this language."""
        return Tidying(
            language=language,
            with_marks=self.dictation_marks,
            without_fillers=self.dictation_fillers,
            replacements=tuple(Replacement(heard, written) for heard, written in self.dictation_words),
            space_after=self.dictation_space_after,
        )

    def methods(self) -> dict[str, Method]:
        """How text gets into the programs that the user named."""
        return {program: Method(method) for program, method in self.dictation_methods}


def days_kept(time: str) -> int | None:
    """How many days something is kept; None for good."""
    return None if time == FOR_GOOD else 0 if time == UNKEPT else int(time)


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
