"""Every failure that the user may read about: what happened, and what to do now.

An error is stored and sent as its code and its facts, so that it is shown in the language of the reader.
"""

from __future__ import annotations

from typing import Any, ClassVar

from desktop.core.i18n import _, mark


class AppError(Exception):
    """A failure that was foreseen. Subclasses say it in two sentences; facts fill the braces."""

    headline: ClassVar[str] = mark("Something went wrong.")
    advice: ClassVar[str] = mark("Try again; if it happens again, copy the details and report it.")
    codes: ClassVar[dict[str, type[AppError]]] = {}

    def __init__(self, **facts: str | int) -> None:
        super().__init__(facts)
        self.facts = facts

    def __init_subclass__(cls) -> None:
        AppError.codes[cls.__name__] = cls

    def __str__(self) -> str:
        return f"{self.said_headline} {self.said_advice}"

    @property
    def said_headline(self) -> str:
        """What happened, in the language of the user."""
        return _(self.headline).format(**self.facts)

    @property
    def said_advice(self) -> str:
        """What to do now, in the language of the user."""
        return _(self.advice).format(**self.facts)

    def to_record(self) -> dict[str, Any]:
        """Plain values that JSON can hold; `from_record` makes the error again."""
        return {"code": type(self).__name__, "facts": self.facts}

    @staticmethod
    def from_record(record: dict[str, Any]) -> AppError:
        """The error that `to_record` wrote; an unknown code of a newer version becomes the plain one."""
        return AppError.codes.get(record["code"], Unforeseen)(**record["facts"])


class Unforeseen(AppError):
    """A bug of ours, shown without a traceback."""

    headline = mark("Something went wrong ({detail}).")
    advice = mark("Nothing that was heard is lost. Copy the details from the log and report it.")

    def __init__(self, **facts: str | int) -> None:
        super().__init__(**{"detail": "?", **facts})


# --- the file that was given -----------------------------------------------------------------------------------------


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


# --- models and the machine ------------------------------------------------------------------------------------------


class ModelMissing(AppError):
    """No model of this name, no folder at this path."""

    headline = mark("There is no model “{model}”.")
    advice = mark("Installed: {installed}. Choose one of these, or give the folder of a CTranslate2 Whisper model.")


class ModelBroken(AppError):
    """A folder that is not a whole model."""

    headline = mark("The model “{model}” cannot be used: {reason}.")
    advice = mark("Install it again, or choose another model.")


class CannotTranslate(AppError):
    """Models trained for one language, and those trained without the translation task."""

    headline = mark("The model “{model}” cannot translate.")
    advice = mark("Models that can: {alternatives}. Choose one of these, or transcribe without translation.")

    def __init__(self, **facts: str | int) -> None:
        # Libraries of earlier versions hold this error without the alternatives.
        super().__init__(**{"alternatives": "small, medium, large-v3", **facts})


class LanguageUnknown(AppError):
    """A language that the model was not trained on."""

    headline = mark("The model “{model}” does not know the language “{language}”.")
    advice = mark("It knows: {languages}.")


class DeviceUnusable(AppError):
    """Every device and compute type that was asked for failed its self-test."""

    headline = mark("“{device}” with compute type “{compute_type}” does not work here: {reason}")
    advice = mark("Choose “auto” for both, or see “undertone doctor” for what works.")


class EngineOutOfMemory(AppError):
    """The system ended the engine, or it could not get memory."""

    headline = mark("There was not enough memory for the model.")
    advice = mark("What was heard is kept. Close other programs or choose a smaller model, then press Resume.")


class CudaLibraryMissing(AppError):
    """cuBLAS could not be loaded."""

    headline = mark("The graphics card cannot be used: the library {library} is missing.")
    advice = mark("Install cuBLAS 12 (package nvidia-cublas-cu12), or choose the device “cpu”.")


class CudaFailed(AppError):
    """The driver or the card failed at run time."""

    headline = mark("The graphics card failed: {reason}")
    advice = mark("What was heard is kept. Update the driver or choose the device “cpu”, then press Resume.")


class ProcessorTooOld(AppError):
    """The engine used an instruction that this processor does not have."""

    headline = mark("This processor lacks instructions that the engine needs.")
    advice = mark("Choose the compute type “float32”; if that fails too, the machine is too old.")


class EngineKilled(AppError):
    """Something outside ended the engine twice."""

    headline = mark("The engine was ended from outside ({signal}).")
    advice = mark("What was heard is kept. If memory was short, choose a smaller model; then press Resume.")


class EngineCrashed(AppError):
    """A native crash that fits no known class."""

    headline = mark("The engine crashed ({reason}).")
    advice = mark("What was heard is kept. Press Resume to go on from there.")


class EngineSilent(AppError):
    """No sign of life for a long time."""

    headline = mark("The engine stopped answering.")
    advice = mark("What was heard is kept. Press Resume to go on from there.")


class DiskFull(AppError):
    """No space left where something has to be written."""

    headline = mark("The disk is full ({folder}).")
    advice = mark("What was written before is kept. Free some space, then try again.")


# --- library, exports, settings --------------------------------------------------------------------------------------


class LibraryUnusable(AppError):
    """The database cannot be opened or written."""

    headline = mark("The library in {folder} cannot be used: {reason}.")
    advice = mark("Check the folder's permissions and free space, then start again.")


class LibraryTooNew(AppError):
    """Written by a later version."""

    headline = mark("The library in {folder} was written by a newer Undertone.")
    advice = mark("Update this one; nothing was changed.")


class JobElsewhere(AppError):
    """Another process of ours is at work on this job."""

    headline = mark("“{name}” is being transcribed by another Undertone.")
    advice = mark("Wait for it, or cancel it there.")


class TranscriptMissing(AppError):
    """An id that the library does not hold."""

    headline = mark("There is no transcript {id}.")
    advice = mark("“undertone list” shows what there is.")


class ExportFailed(AppError):
    """The target could not be written."""

    headline = mark("“{name}” could not be written: {reason}.")
    advice = mark("The transcript is kept. Save it elsewhere.")


class SettingsUnwritable(AppError):
    """The settings file cannot be written."""

    headline = mark("The settings cannot be kept: {reason}.")
    advice = mark("They hold until you quit. Check the permissions of {folder}.")


class SettingsBroken(AppError):
    """The settings file cannot be read or understood; the program starts with the defaults."""

    headline = mark("The settings could not be read: {reason}.")
    advice = mark("Everything is as when first installed. The old file is kept as {kept}.")


class BadOption(AppError):
    """A value that a setting or option does not allow."""

    headline = mark("“{value}” is not possible for {option}.")
    advice = mark("Possible: {possible}.")
