"""Failures of a recording: its devices, its disk, its file."""

from __future__ import annotations

from desktop.core.errors.app_error import AppError
from desktop.core.i18n import mark


class SoundLibraryMissing(AppError):
    """PortAudio, or the part of ALSA that leads to the sound server, is not installed."""

    headline = mark("Nothing can be recorded: {library} is missing.")
    advice = mark("Install the package {package} with your system's package manager, then try again.")


class SoundServerSilent(AppError):
    """PulseAudio or PipeWire does not answer."""

    headline = mark("The sound server of this system does not answer.")
    advice = mark("If it stays so, log out and in again. A recording that runs goes on as soon as it answers.")


class NoMicrophone(AppError):
    """Nothing to record from."""

    headline = mark("No microphone was found.")
    advice = mark("Plug one in, or choose the sound of the system.")


class SourceMissing(AppError):
    """Two were to be recorded, and one of them is not there."""

    headline = mark("Only “{name}” is recorded: the other source was not found.")
    advice = mark("The menu beside Record has what can be recorded from.")


class NoSystemSound(AppError):
    """A system that gives programs no way to hear what it plays."""

    headline = mark("The sound of the system cannot be recorded here.")
    advice = mark("It takes {what}; then choose that as the microphone.")


class SoundDeviceMissing(AppError):
    """No device of that name."""

    headline = mark("There is no “{name}” to record from.")
    advice = mark("There is: {known}.")


class SoundDeviceRefused(AppError):
    """The device is there, but cannot be recorded from."""

    headline = mark("“{name}” cannot be recorded from: {reason}.")
    advice = mark("Close other programs that use it, or choose another.")


class SoundDeviceGone(AppError):
    """A device went away while it was recorded from; another took its place."""

    headline = mark("“{name}” is gone. The recording goes on with “{instead}”.")
    advice = mark("The place is marked. Plug it in again to go back to it.")


class SoundDeviceLost(AppError):
    """A device went away while it was recorded from, and there is no other."""

    headline = mark("“{name}” is gone, and there is nothing else to record from.")
    advice = mark("Silence is recorded until a microphone is there. Plug one in: it is used at once.")


class SoundDeviceBack(AppError):
    """A note: the device that a recording began with is there again."""

    headline = mark("“{name}” is there again.")
    advice = mark("Choose it to go on with it.")


class SoundDeviceStalled(AppError):
    """A device that delivers nothing, not even silence."""

    headline = mark("“{name}” has stopped delivering sound.")
    advice = mark("It is opened anew; the place is marked. If it stays so, choose another.")


class SamplesLost(AppError):
    """Sound came faster than it could be taken, or was lost before it came."""

    headline = mark("“{name}” lost {lasted} ms at {at}.")
    advice = mark("The machine was too busy. The place is marked; everything else is there.")


class DiskLow(AppError):
    """The disk will soon be full of a recording."""

    headline = mark("There is room for {lasts} more of recording in {folder}.")
    advice = mark("Free some space. Before the disk is full the recording is ended; nothing of it is lost.")


class DiskFullWhileRecording(AppError):
    """Nothing can be written just now; what comes is held in memory."""

    headline = mark("The disk is full ({folder}).")
    advice = mark("Free some space now: the recording is held in memory for {seconds} seconds.")


class RecordingImpossible(AppError):
    """The folder for the recording cannot be written to."""

    headline = mark("Nothing can be recorded into {folder}: {reason}.")
    advice = mark("Choose another folder, or check its permissions.")


class RecordingEndedFull(AppError):
    """A recording was ended since there was no room for more."""

    headline = mark("The recording was ended at {at}: the disk is full ({folder}).")
    advice = mark("What was recorded is whole. Free some space before you go on.")


class RecordingCutOff(AppError):
    """A recording was ended since it could no longer be written."""

    headline = mark("The recording could not be written any more ({reason}); what was said after {at} is lost.")
    advice = mark("What was written can be read. Free some space or choose another folder, then record anew.")


class RecordingUnfinished(AppError):
    """A recording that was cut off could not be repaired."""

    headline = mark("“{name}” could not be given its index: {reason}.")
    advice = mark("It can be played and transcribed all the same.")
