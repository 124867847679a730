"""Nothing leaves the machine, and no library leaves traces of its own."""

import os
import subprocess
import sys
from pathlib import Path

LISTEN = """
import numpy as np
from desktop.engine.voice import VoiceState, listen
probabilities, _state = listen(np.zeros(16000, np.float32), VoiceState())
assert len(probabilities)
"""


def test_the_speech_detector_reports_nothing_to_anybody(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    mine = tmp_path / "mine"
    mine.mkdir()
    environment |= {"HOME": str(mine), "XDG_CACHE_HOME": str(mine / "cache")}
    subprocess.run([sys.executable, "-c", LISTEN], env=environment, check=True)
    assert list(mine.rglob("*")) == []
