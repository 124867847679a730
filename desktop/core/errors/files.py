"""Failures of the file that was given, and notes on what was odd in it."""

from __future__ import annotations

from desktop.core.errors.app_error import AppError
from desktop.core.i18n import mark


class FileMissing(AppError):
    """The path names nothing."""

    headline = mark("“{name}” is not there.")
    advice = mark("Was it moved or renamed? Add it again from where it is.")


class FileVanished(AppError):
    """The file went away or could no longer be read while it was being read."""

    headline = mark("“{name}” could no longer be read after {heard}.")
    advice = mark("What was heard is kept. Bring the file or its drive back, then press Resume.")


class FileForbidden(AppError):
    """The file may not be read."""

    headline = mark("“{name}” may not be read.")
    advice = mark("Change its permissions, or copy it to a folder of your own.")


class FileEmpty(AppError):
    """Zero bytes."""

    headline = mark("“{name}” is empty (0 bytes).")
    advice = mark("Copy or download it again.")


class PathTooLong(AppError):
    """The system refuses a path of this length."""

    headline = mark("The path of “{name}” is longer than this system allows.")
    advice = mark("Move the file to a folder with a shorter path.")


class NotMedia(AppError):
    """Nothing in the file that FFmpeg knows as audio or video."""

    headline = mark("“{name}” is not audio or video that can be read.")
    advice = mark("If it should be, it is damaged: copy or download it again.")


class NoAudioTrack(AppError):
    """A video or picture without sound."""

    headline = mark("“{name}” has no sound track.")
    advice = mark("Choose the file that holds the sound.")


class NoSound(AppError):
    """A sound track without a single sample."""

    headline = mark("The sound track of “{name}” is empty.")
    advice = mark("Check the recording; there is nothing to transcribe.")


class AudioTrackMissing(AppError):
    """The wanted audio track is not there."""

    headline = mark("“{name}” has no audio track {track}; it has {count}.")
    advice = mark("Choose a track from 1 to {count}.")


class Unplayable(AppError):
    """The player cannot show what the engine could decode."""

    headline = mark("“{name}” cannot be played here: {reason}.")
    advice = mark("Its text can be edited all the same.")


class NoLoudspeaker(AppError):
    """A machine without any device for sound: the player runs all the same."""

    headline = mark("There is no device to play sound with.")
    advice = mark("Connect headphones or loudspeakers: they are used at once.")


class WaveformMissing(AppError):
    """The process that drew the waveform died over the file."""

    headline = mark("The waveform of “{name}” could not be drawn.")
    advice = mark("Everything else works. Choose the file again to try once more.")


class FolderWithoutMedia(AppError):
    """A folder in which nothing can be transcribed."""

    headline = mark("There is no audio or video in “{name}”.")
    advice = mark("Choose another folder, or drop the files themselves.")


class EndsEarly(AppError):
    """A note, not a failure: the file holds less sound than it says."""

    headline = mark("“{name}” ends early: {heard} of {duration} could be read.")
    advice = mark("It is cut off or damaged; what is there was transcribed.")


class DamagedPlaces(AppError):
    """A note: parts of the file could not be decoded."""

    headline = mark("Some of “{name}” is damaged ({count} places could not be decoded).")
    advice = mark("The rest was transcribed.")


class FileReplaced(AppError):
    """Another file lies where the one of an unfinished job was."""

    headline = mark("“{name}” is no longer the file that was begun.")
    advice = mark("What was heard is kept. Bring the old file back and press Resume, or add the new one.")


class FileChanged(AppError):
    """A note: the file grew or changed while it was read."""

    headline = mark("“{name}” changed while it was read.")
    advice = mark("If it was still being copied or recorded, transcribe it again when it is complete.")


class NothingSaid(AppError):
    """A note: no speech was found."""

    headline = mark("No speech was found in “{name}”.")
    advice = mark("If there is speech or singing, try again without the speech filter.")
