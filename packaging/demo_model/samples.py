"""Samples that go with the program: a quarter of a minute in each language but English."""

import json
from collections.abc import Iterator
from pathlib import Path

import soundfile

from demo_model import recordings
from demo_model.recordings import Recording
from demo_model.speech import RATE_HZ

FOLDER = Path(__file__).parents[2] / "resources" / "samples"
NAMES = {"de": "german", "es": "spanish", "fr": "french"}
SEED = 21
MINUTES = 0.25
PAUSES_S = (0.3, 1.0)


def write(folder: Path = FOLDER) -> Iterator[Path]:
    """Sound as FLAC, and beside it what is said, in which language, when, and what it means in English."""
    for code, name in NAMES.items():
        yield _written(folder / f"demo-{name}.flac", recordings.long(SEED, MINUTES, (code,), PAUSES_S))


def _written(path: Path, recording: Recording) -> Path:
    soundfile.write(path, recording.samples, RATE_HZ, subtype="PCM_16")
    segments = [
        {
            "start_ms": round(1000 * said.span[0]),
            "end_ms": round(1000 * said.span[1]),
            "text": said.sentence.text,
            "language": said.sentence.language,
            "english": said.sentence.english,
        }
        for said in recording.said
    ]
    record = {"duration_ms": round(1000 * recording.duration_s), "segments": segments}
    path.with_suffix(".json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
