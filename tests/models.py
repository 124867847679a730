"""Models for the tests: one that always says a sentence, and the demo model as the engine holds it."""

from pathlib import Path

from desktop.benchmark.models import write_ctranslate2
from desktop.benchmark.weights import ScriptedWeights
from desktop.engine.hardware import Threads
from desktop.engine.whisper import Recogniser
from tests.conftest import DEMO_MODEL

SENTENCE = " Hello world. This is a test."


def scripted_model(folder: Path, sentence: str = SENTENCE, language: str = "en") -> Path:
    """A multilingual model that says one sentence whatever it hears."""
    write_ctranslate2(ScriptedWeights(sentence, language=language), folder)
    return folder


def recogniser_of(model: Path = DEMO_MODEL, workers: int = 2) -> Recogniser:
    """A model in this process."""
    return Recogniser(model, "cpu", "int8", Threads(workers, 1))
