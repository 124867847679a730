"""From a file to windows that are ready for the model, beside faster-whisper: what a fast graphics card waits for.

python -m tests.benchmarks.front [MINUTES]
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from faster_whisper.audio import decode_audio
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.vad import VadOptions, collect_chunks, get_speech_timestamps

from desktop.core.options import Options
from desktop.core.ports import Work
from desktop.engine.front import FrontEnd
from tests.models import recogniser_of
from tests.sounds import long_sound

MINUTES = 60
ROUNDS = 3


def main() -> None:
    """Measure in turn and print."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
    recogniser = recogniser_of()
    extract = FeatureExtractor()

    def ours(source: Path) -> int:
        front = FrontEnd(Work(source, Options(language="en")), recogniser, lambda: False, lambda _at_ms: None)
        return sum(one.features is not None for one in front.prepared())

    def theirs(source: Path) -> int:
        """As `BatchedInferencePipeline.transcribe` begins."""
        sound = decode_audio(str(source))
        speech = get_speech_timestamps(sound, VadOptions(max_speech_duration_s=30, min_silence_duration_ms=160))
        chunks, _about = collect_chunks(sound, speech, max_duration=30)
        return len([extract(chunk) for chunk in chunks])

    with tempfile.TemporaryDirectory() as folder:
        source = long_sound(Path(folder) / "long.flac", round(60 * minutes))
        ways: dict[str, Callable[[Path], int]] = {"ours": ours, "faster-whisper": theirs}
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _round in range(ROUNDS):
            for name, way in ways.items():
                began = time.process_time()
                windows = way(source)
                taken[name].append(time.process_time() - began)
                print(f"{name}: {windows} windows, {taken[name][-1]:.2f} s")
    for name, seconds in taken.items():
        median = statistics.median(seconds)
        print(f"{name}: {60 * minutes / median:.0f} times real time ({median:.2f} processor seconds)")


if __name__ == "__main__":
    main()
