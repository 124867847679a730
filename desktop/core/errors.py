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


class NotSubtitles(AppError):
    """A file to import that is of no known format."""

    headline = mark("“{name}” is not a file of subtitles or a transcript that can be read.")
    advice = mark("Possible: {possible}. Audio and video are transcribed instead.")


class SubtitlesBroken(AppError):
    """A file to import whose format is known but which is too damaged to be read."""

    headline = mark("“{name}” cannot be read as {format}: {reason}.")
    advice = mark("Export it again, or mend it in a text editor.")


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


# --- find and replace ------------------------------------------------------------------------------------------------


class PatternWrong(AppError):
    """A regular expression that cannot be read."""

    headline = mark("Mistake at character {place} of the pattern: {reason}.")
    advice = mark("A backslash before a sign means the sign itself.")


class PatternTooSlow(AppError):
    """A regular expression that would take for ever, such as `(a+)+$`."""

    headline = mark("This pattern takes too long.")
    advice = mark("Repetitions inside repetitions, such as (a+)+, are what makes it slow.")


class ReplacementWrong(AppError):
    """A replacement that cannot be read, or names a group that the pattern has not."""

    headline = mark("Mistake in the replacement: {reason}.")
    advice = mark("In it, \\1 stands for the first group of the pattern and \\\\ for a backslash.")


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


class NoCues(AppError):
    """A transcript without text, of which subtitles were to be made."""

    headline = mark("There is no text to put into “{name}”.")
    advice = mark("Transcribe it first, or write the text that is missing.")


class NoPicture(AppError):
    """Sound alone, which cannot carry subtitles."""

    headline = mark("“{name}” has no picture to put subtitles on.")
    advice = mark("Export them as a file of their own.")


class ContainerWithoutSubtitles(AppError):
    """A kind of file that holds no subtitles, or none that players find."""

    headline = mark("“{name}” cannot hold subtitles: its kind of file has no place for them.")
    advice = mark("Possible: {possible}. MKV takes nearly everything.")


class TrackUnfit(AppError):
    """Picture or sound that the wanted kind of file cannot hold as it is."""

    headline = mark("“{name}” does not fit into a {suffix} file as it is: {track}.")
    advice = mark("Choose MKV, which takes nearly everything.")


class CueTooLong(AppError):
    """More text at one time than the kind of file can count."""

    headline = mark("The subtitle at {at} is too long for a {suffix} file.")
    advice = mark("Split it, or choose MKV.")


class TracksLeftOut(AppError):
    """A note: other tracks of the source that the kind of file has no place for."""

    headline = mark("The copy of “{name}” lacks {tracks}, for which a {suffix} file has no place.")
    advice = mark("Choose MKV if you need them.")


class CopyEndsEarly(AppError):
    """A note: the source holds less than it says."""

    headline = mark("“{name}” ends early: {copied} of {duration} could be read.")
    advice = mark("It is cut off or damaged; the copy holds what is there.")


class VideoUncopied(AppError):
    """The source could not be read to its end."""

    headline = mark("“{name}” could not be copied: it is damaged near {at}.")
    advice = mark("The video itself is untouched. Play it there; if it is whole, choose MKV.")


class OutputExists(AppError):
    """The file that is to be written is there."""

    headline = mark("“{name}” is there already.")
    advice = mark("Give another name, or add --overwrite.")


class OutputIsSource(AppError):
    """The file that is to be written is the one that was read."""

    headline = mark("“{name}” is the file that is read.")
    advice = mark("Give another name: a source is never written over.")


class SettingsUnwritable(AppError):
    """The settings file cannot be written."""

    headline = mark("The settings cannot be kept: {reason}.")
    advice = mark("They hold until you quit. Check the permissions of {folder}.")


class SettingsBroken(AppError):
    """The settings file cannot be read or understood; the program starts with the defaults."""

    headline = mark("The settings could not be read: {reason}.")
    advice = mark("Everything is as when first installed. The old file is kept as {kept}.")


class RulesUnreadable(AppError):
    """A file of subtitle rules that is no TOML."""

    headline = mark("“{name}” is not a file of subtitle rules ({detail}).")
    advice = mark("Each line sets a rule, like: line_characters = 42. Text stands in quotes.")


class RuleMissing(AppError):
    """A file of subtitle rules sets one that does not exist."""

    headline = mark("“{name}”: there is no rule “{key}”.")
    advice = mark("Possible: {possible}.")


class RuleImpossible(AppError):
    """A file of subtitle rules sets one to a value that is not possible."""

    headline = mark("“{name}”: {value} is not possible for {key}.")
    advice = mark("Possible: {possible}.")


class BadOption(AppError):
    """A value that a setting or option does not allow."""

    headline = mark("“{value}” is not possible for {option}.")
    advice = mark("Possible: {possible}.")
