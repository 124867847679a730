"""Undertone: speech becomes text on the user's own machine.

core      values and rules: transcripts, jobs, settings, errors, subtitle formats; no Qt, no threads, no devices
engine    speech to text in a process of its own; its client; media files, models, hardware
system    the machine: the running instance's socket, keeping awake
store     the disk: paths, settings file, library (SQLite), exports
services  behaviour over time: the job queue, background tasks, the second start (QtCore only)
ui        widgets: they show values and emit wishes
benchmark measures the engine beside other ways to run Whisper; only the command line knows it
app       builds every object and connects them; cli does the same work without a window
"""

import os

# onnxruntime gives the machine an identity, in the cache folder, and reports its use to its maker unless told not to.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"
