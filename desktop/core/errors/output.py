"""Failures of files that are written: exports, and copies of videos with subtitles."""

from __future__ import annotations

from desktop.core.errors.app_error import AppError
from desktop.core.i18n import mark


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
