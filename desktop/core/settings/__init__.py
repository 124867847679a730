"""Every setting, declared once: default, label, help and limits. The dialog, the file and the tests read this."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields, replace
from typing import Any

from desktop.core.errors import BadOption
from desktop.core.i18n import _
from desktop.core.insertion import Method
from desktop.core.options import Options
from desktop.core.replacements import Replacement
from desktop.core.settings.about import DICTATION, PAGES, About, Pairs
from desktop.core.settings.appearance import AppearanceSettings
from desktop.core.settings.dictation import BOTTOM, NOWHERE, OWN_PLACE, TOP, UNKEPT, DictationSettings, days_kept
from desktop.core.settings.export import COLLISIONS, OWN_STYLE, ExportSettings
from desktop.core.settings.models import ModelSettings
from desktop.core.settings.queue import ALWAYS, ON_BATTERY, QueueSettings
from desktop.core.settings.recognition import AS_FILES, RecognitionSettings
from desktop.core.settings.recording import MICROPHONE, RecordingSettings
from desktop.core.spoken import Tidying

__all__ = [
    "ALWAYS",
    "BOTTOM",
    "COLLISIONS",
    "DICTATION",
    "MICROPHONE",
    "NOWHERE",
    "ON_BATTERY",
    "OWN_PLACE",
    "OWN_STYLE",
    "PAGES",
    "TOP",
    "UNKEPT",
    "About",
    "Pairs",
    "Settings",
    "about_setting",
    "about_settings",
    "days_kept",
    "default_of",
]


@dataclass(frozen=True)
class Settings(  # a dataclass has the fields of its last base first
    AppearanceSettings,
    ExportSettings,
    QueueSettings,
    DictationSettings,
    RecordingSettings,
    ModelSettings,
    RecognitionSettings,
):
    """All that the user can choose for good. A change makes a new value."""

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
