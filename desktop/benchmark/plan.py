"""What is to be measured with what: the choices of the user, and how they become cases."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop.benchmark import task as tasks
from desktop.benchmark.material import Material
from desktop.benchmark.models import Wanted
from desktop.benchmark.rounds import Case
from desktop.benchmark.task import Task, model_form
from desktop.core.i18n import _


@dataclass(frozen=True, slots=True)
class Plan:
    """What the user asked for, and where things lie."""

    samples: Path
    folder: Path
    """Models and sound that are made for the benchmark."""
    demo_model: Path
    size: str = "base"
    minutes: float = 10.0
    repeats: int = 3
    model: Path | None = None
    """A real model instead of random weights."""
    device: str = "cpu"
    types: tuple[str, ...] = ("int8", "float32")
    """What the device can compute with."""
    contestants: tuple[str, ...] = tasks.CONTESTANTS
    language: str = "en"
    audio: tuple[Path, ...] = ()
    audio_s: float = 0.0
    references: tuple[str, ...] = ()
    quick: bool = False
    material: Material = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "material", Material(self.samples, self.folder / "sound"))

    @property
    def compute_type(self) -> str:
        """What the rows use that are not about it."""
        return "float16" if self.device == "cuda" else "int8"

    def chosen(self, *names: str) -> list[str]:
        """Those of the contestants that the user wants and that can take part."""
        return [name for name in names if name in self.contestants and not self.hindrance(name)]

    def hindrance(self, contestant: str) -> str:
        """Why a contestant cannot take part whatever is installed; empty if it can."""
        if self.model is not None and model_form(contestant) != tasks.CTRANSLATE2:
            return _("it reads models of another form")
        if self.device == "cuda" and contestant == tasks.WHISPER_CPP:
            return _("its wheel computes on the processor only")
        return ""

    def case(
        self, row: str, group: str, name: str, task: Task, audio_s: float, size: str = "", sure: bool = True
    ) -> Case:
        """A case with the model that the user named, or with a random one of a size; `task.model` may name a third."""
        if task.model:
            return Case(row, group, name, task, audio_s)
        if self.model is not None:
            return Case(row, group, name, replace(task, model=str(self.model), tokens=0), audio_s)
        wanted = Wanted(size or self.size, model_form(task.contestant), sure)
        place = wanted.place(self.folder / "models")
        return Case(row, group, name, replace(task, model=str(place)), audio_s, wanted)

    def task(self, contestant: str, *sources: Path) -> Task:
        """What is the same in all rows."""
        return Task(
            contestant,
            model="",
            sources=tuple(map(str, sources)),
            language=self.language,
            device=self.device,
            compute_type=self.compute_type,
        )
