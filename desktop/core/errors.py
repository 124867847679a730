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


class ModelUnlike(AppError):
    """Something given as a model that is none that can be used."""

    headline = mark("“{name}” is no Whisper model for CTranslate2: {reason}.")
    advice = mark("Give a folder or zip with {needed}, or the name of such a model on Hugging Face.")


class ModelInUse(AppError):
    """A model that is loaded, or is being worked on by another process of ours."""

    headline = mark("The model “{model}” is in use.")
    advice = mark("Wait until the work with it has ended, then try again.")


class ModelKept(AppError):
    """A model that is not ours to remove."""

    headline = mark("The model “{model}” is not removed: {reason}.")
    advice = mark("Only models in {folder} are.")


class ModelBusy(AppError):
    """Two installations of one model at the same time."""

    headline = mark("The model “{model}” is being installed by another Undertone.")
    advice = mark("Wait for it, or stop it there.")


class ModelRoomMissing(AppError):
    """Not enough space for a model, found out before anything is fetched."""

    headline = mark("There is not enough space for the model “{model}”: it takes {needed}, and {free} are free.")
    advice = mark("Free some space on the disk of {folder}, then try again.")


class ModelUnwritable(AppError):
    """The folder of the models cannot be written to."""

    headline = mark("The model “{model}” cannot be written to {folder}: {reason}.")
    advice = mark("Check the permissions of the folder, then try again.")


class ModelUnknown(AppError):
    """The hub has nothing of this name, or does not say so."""

    headline = mark("The hub {host} has no model “{model}”.")
    advice = mark("Check how it is written (owner/name). A private one can be had after “hf auth login”.")


class ModelForbidden(AppError):
    """The hub wants to know who asks."""

    headline = mark("The hub {host} gives out “{model}” only to those whom it knows.")
    advice = mark("Accept its terms on its page, then log in with “hf auth login”.")


class ModelDamaged(AppError):
    """What came is not what the hub said would come."""

    headline = mark("“{file}” of the model “{model}” arrived damaged; it was thrown away.")
    advice = mark("Try again. If it happens again, a proxy or a mirror between here and {host} changes it.")


class HubUnreachable(AppError):
    """No connection, or one that died again and again."""

    headline = mark("The hub {host} cannot be reached: {reason}.")
    advice = mark("Check the connection and the proxy. What was fetched is kept: the next try goes on from there.")


class HubBusy(AppError):
    """Too many requests, for longer than anybody would wait."""

    headline = mark("The hub {host} wants no more requests for {wait}.")
    advice = mark("Try again then. What was fetched is kept.")


class HubFailed(AppError):
    """The hub answers with a failure of its own, or with something that is no answer."""

    headline = mark("The hub {host} has a problem of its own: {reason}.")
    advice = mark("Try again later. What was fetched is kept.")


class StaysOffline(AppError):
    """Something of the internet was wanted, and the user has said that there is none."""

    headline = mark("“{model}” would have to be fetched, and Undertone is set to stay offline.")
    advice = mark("Allow it in the settings under Models (or unset HF_HUB_OFFLINE), or add a folder or a zip.")


class ConverterMissing(AppError):
    """A checkpoint of Transformers, without what converts it."""

    headline = mark("“{name}” is a checkpoint of Transformers, which has to be converted first.")
    advice = mark(
        'Install the converter (about 1 GB): pip install "undertone[convert]". Or take a model that is ready.'
    )


class ConversionFailed(AppError):
    """CTranslate2's converter gave up."""

    headline = mark("“{name}” could not be converted: {reason}.")
    advice = mark("Is it a Whisper model? Only those can be converted.")


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


class _CudaLibraryError(AppError):
    """What is wrong with cuBLAS; libraries of earlier versions hold such errors without the remedy."""

    def __init__(self, **facts: str | int) -> None:
        super().__init__(**{"remedy": "pip install 'undertone[cuda]'", **facts})


class CudaLibraryMissing(_CudaLibraryError):
    """cuBLAS is not there."""

    headline = mark("The graphics card cannot be used: the library {library} is missing.")
    advice = mark("Install it with {remedy}, or choose the device “cpu”.")


class CudaLibraryWrong(_CudaLibraryError):
    """cuBLAS is there in another major version."""

    headline = mark("The graphics card cannot be used: it needs {library}, and there is only {found}.")
    advice = mark("Both can lie side by side. Install it with {remedy}, or choose the device “cpu”.")


class CudaLibraryBroken(_CudaLibraryError):
    """cuBLAS is there and the system refuses to load it."""

    headline = mark("The graphics card cannot be used: {library} cannot be loaded ({reason}).")
    advice = mark("Install it anew with {remedy}, or choose the device “cpu”.")


class CudaFailed(AppError):
    """The driver or the card failed at run time."""

    headline = mark("The graphics card failed: {reason}")
    advice = mark("What was heard is kept. Update the driver or choose the device “cpu”, then press Resume.")


class DriverTooOld(AppError):
    """There is a card, and the engine's CUDA does not run on its driver."""

    headline = mark("The graphics card cannot be used: its driver {driver} is for CUDA {cuda}, and CUDA 12 is needed.")
    advice = mark("Install NVIDIA's driver 525 or newer, or choose the device “cpu”.")


class MemoryWasShort(AppError):
    """A note: not as many windows as wanted had room together."""

    headline = mark("“{name}”: memory was short, so {count} stretches at most were heard together.")
    advice = mark("Nothing is missing; it was only slower.")


class TuningImpossible(AppError):
    """There is no place for the sound that is measured with."""

    headline = mark("Nothing can be measured: {reason}.")
    advice = mark("Make some 60 MB of room in the folder for temporary files, then try again.")


class NothingTuned(AppError):
    """Each way to run a model failed while it was measured."""

    headline = mark("“{model}” could not be measured: {reason}")
    advice = mark("It runs as before. “undertone doctor” tells what this machine can do.")


class MemoryNearlyFull(AppError):
    """More than nine tenths of the memory are taken."""

    headline = mark("Memory is {percent} % full.")
    advice = mark("Fewer stretches are heard together until there is room again; text and queue are safe.")


class CardMemoryNearlyFull(AppError):
    """More than nine tenths of a graphics card's memory are taken, by other programs too."""

    headline = mark("The memory of {name} is {percent} % full.")
    advice = mark("Fewer stretches are heard together until there is room again; text and queue are safe.")


class TooHot(AppError):
    """Processor or card are as hot as they may become."""

    headline = mark("It is too hot: {name} has {degrees} °C.")
    advice = mark("The queue rests until it has cooled down, and then goes on by itself. Start goes on at once.")


class ManyFailed(AppError):
    """More than one job in twenty has failed."""

    headline = mark("Of {count} files {failed} failed.")
    advice = mark("Each says in its row why. The others go on.")


class AllFail(AppError):
    """One job after the other fails."""

    headline = mark("The last {count} files failed, one after the other.")
    advice = mark("The queue is paused. Their rows say why; Start goes on.")


class DriverCrashed(AppError):
    """The process died while it asked the driver which cards there are."""

    headline = mark("The graphics card cannot be used: its driver crashed when it was asked ({reason}).")
    advice = mark("Install the driver anew, or choose the device “cpu”.")


class SteppedDown(AppError):
    """A note: a way to compute failed in the middle of the work, and another one went on."""

    headline = mark("“{name}”: {left} failed at {at} ({reason}). {now} went on from there.")
    advice = mark("Nothing is missing; it was only slower.")


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


# --- recording -------------------------------------------------------------------------------------------------------


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


# --- dictation -------------------------------------------------------------------------------------------------------


class DictationOff(AppError):
    """Something was said for which no model is kept ready."""

    headline = mark("Dictation is switched off.")
    advice = mark("Switch it on in the settings, under Dictation.")


class MicrophoneGone(AppError):
    """The microphone went away while somebody dictated, or there is none."""

    headline = mark("“{name}” is gone.")
    advice = mark("What was said before is written all the same. Plug it in, or choose another in the settings.")


class MicrophoneSilent(AppError):
    """A microphone that delivered nothing but zeros all the while."""

    headline = mark("“{name}” is switched off or muted: nothing at all came from it.")
    advice = mark("Look for a switch on it, or raise its level in the settings of the system.")


class HotkeyTaken(AppError):
    """Another program has grabbed the shortcut."""

    headline = mark("The shortcut {shortcut} belongs to another program.")
    advice = mark("Choose another one in the settings under Dictation, or free it in that program.")


class HotkeyUnfit(AppError):
    """A shortcut that would take a key away from everybody, or that this keyboard cannot give."""

    headline = mark("The shortcut {shortcut} is not possible: {reason}.")
    advice = mark("Choose a function key, Pause, or a key together with Ctrl, Alt or Meta.")


class HotkeysImpossible(AppError):
    """A desktop that lets programs have no shortcut of their own."""

    headline = mark("This desktop gives no shortcut to programs: {reason}.")
    advice = mark("In its keyboard settings, let a key run “undertone dictate --toggle”.")


class TargetMoved(AppError):
    """The keyboard is in another window than the text was spoken for."""

    headline = mark("The text was not inserted: another window has the keyboard.")
    advice = mark("It is kept. Go to where it belongs and insert it from the tray.")


class TargetClosed(AppError):
    """The window that the text was spoken for is gone."""

    headline = mark("The text was not inserted: the window was closed.")
    advice = mark("It is kept. Go to where it belongs and insert it from the tray.")


class TargetMissing(AppError):
    """No window has the keyboard."""

    headline = mark("The text was not inserted: no window has the keyboard.")
    advice = mark("It is kept. Click where it belongs and insert it from the tray.")


class TargetDeaf(AppError):
    """The paste was asked for, and the program did not come for the text."""

    headline = mark("“{program}” did not take the text.")
    advice = mark("It is kept. If that program pastes with other keys, say so in the settings under Dictation.")


class TargetElevated(AppError):
    """Windows lets nobody type into the window of an administrator."""

    headline = mark("“{program}” runs as administrator and takes no text from other programs.")
    advice = mark("The text is on the clipboard: press Ctrl+V there.")


class KeysHeld(AppError):
    """The user kept Ctrl or another such key down."""

    headline = mark("The text was not inserted: {keys} was held down.")
    advice = mark("It is kept. Let all keys go and insert it from the tray.")


class TypingImpossible(AppError):
    """There is no way to press keys in other programs here."""

    headline = mark("Text cannot be typed into other programs here: {reason}.")
    advice = mark("It is on the clipboard: paste it where it belongs.")


class ClipboardUnusable(AppError):
    """The clipboard cannot be reached, or another program keeps taking it."""

    headline = mark("The clipboard cannot be used: {reason}.")
    advice = mark("The text is kept. Insert it from the tray, or copy it from the history.")


class ClipboardTaken(AppError):
    """The user, or another program, copied in the moment of pasting."""

    headline = mark("The text was not inserted: something else was copied in the same moment.")
    advice = mark("It is kept. Insert it again from the tray.")


class ReplacementsUnreadable(AppError):
    """A table of replacements that is no CSV, or has a row that says nothing."""

    headline = mark("“{name}” is not a table of replacements: {reason}.")
    advice = mark("Each row has two columns: what is heard, and what is written instead.")


class NotRunning(AppError):
    """A word for the running program, and there is none."""

    headline = mark("Undertone is not running.")
    advice = mark("Start it first: undertone --hidden")


class NotReady(AppError):
    """A word for dictation that the running program did not take."""

    headline = mark("Undertone did not take that: dictation is not ready.")
    advice = mark("Look into its settings under Dictation.")


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
