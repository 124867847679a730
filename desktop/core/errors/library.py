"""Failures of what the program keeps: its library, its settings, its disk."""

from __future__ import annotations

from desktop.core.errors.app_error import AppError
from desktop.core.i18n import mark


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


class DiskFull(AppError):
    """No space left where something has to be written."""

    headline = mark("The disk is full ({folder}).")
    advice = mark("What was written before is kept. Free some space, then try again.")


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
