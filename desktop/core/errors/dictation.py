"""Failures of dictation: its shortcut, its microphone, and the program that the text is for."""

from __future__ import annotations

from desktop.core.errors.app_error import AppError
from desktop.core.i18n import mark


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
