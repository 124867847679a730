"""Failures around a text: what is imported into it, searched for in it, and composed of it."""

from __future__ import annotations

from desktop.core.errors.app_error import AppError
from desktop.core.i18n import mark


class NotSubtitles(AppError):
    """A file to import that is of no known format."""

    headline = mark("“{name}” is not a file of subtitles or a transcript that can be read.")
    advice = mark("Possible: {possible}. Audio and video are transcribed instead.")


class SubtitlesBroken(AppError):
    """A file to import whose format is known but which is too damaged to be read."""

    headline = mark("“{name}” cannot be read as {format}: {reason}.")
    advice = mark("Export it again, or mend it in a text editor.")


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
