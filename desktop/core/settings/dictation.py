"""How one dictates into other programs, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.dictation import TRIGGERS, Trigger
from desktop.core.i18n import mark
from desktop.core.languages import LANGUAGES
from desktop.core.options import AUTO
from desktop.core.settings.about import DICTATION, About, Pairs, setting
from desktop.core.settings.recognition import AS_FILES

BOTTOM, TOP, OWN_PLACE, NOWHERE = "bottom", "top", "own", "nowhere"
"""Where the sign of dictation stands. Its own place is where the user has drawn it to."""

UNKEPT, FOR_GOOD = "none", "always"
"""How long something is kept, in days or one of these."""
TIMES = {
    UNKEPT: mark("Not at all"),
    "1": mark("For a day"),
    "7": mark("For a week"),
    "30": mark("For a month"),
    FOR_GOOD: mark("For good"),
}


@dataclass(frozen=True)
class DictationSettings:
    """All names begin alike, since the page has much that other pages have, too."""

    dictation: bool = setting(
        False,
        About(
            DICTATION,
            mark("Dictate into other programs"),
            mark("Press the shortcut in any program and speak: the text goes where the keyboard is."),
            "switch",
        ),
    )
    dictation_shortcut: str = setting(
        "Ctrl+Alt+Space",
        About(
            DICTATION,
            mark("Shortcut"),
            mark("Works in every program. Click the field and press the keys."),
            "shortcut",
        ),
    )
    dictation_drop_shortcut: str = setting(
        "Ctrl+Alt+V",
        About(
            DICTATION,
            mark("Shortcut for a text that waits"),
            mark("Inserts a text that found no place. It is taken only while there is one."),
            "shortcut",
        ),
    )
    dictation_trigger: str = setting(
        Trigger.BOTH.value,
        About(
            DICTATION,
            mark("What the shortcut does"),
            mark("A short press is a tap. Esc throws away what is being said."),
            "choice",
            {trigger.value: label for trigger, label in TRIGGERS.items()},
        ),
    )
    dictation_language: str = setting(
        AS_FILES,
        About(
            DICTATION,
            mark("Language of dictation"),
            mark("Choosing it is surer and faster, above all for a few words."),
            "choice",
            {AS_FILES: mark("As for files"), AUTO: mark("Automatic")} | LANGUAGES,
        ),
    )
    dictation_model: str = setting(
        AUTO,
        About(
            DICTATION,
            mark("Model for dictation"),
            mark("It stays in memory, so that text comes at once. Small ones are fast."),
            "model",
        ),
    )
    dictation_microphone: str = setting(
        "",
        About(
            DICTATION,
            mark("Microphone for dictation"),
            mark("Where it is not plugged in, the one that the system uses is taken."),
            "microphone",
        ),
    )
    dictation_place: str = setting(
        BOTTOM,
        About(
            DICTATION,
            mark("Show what is heard"),
            mark("A small sign above all windows, which never takes the keyboard. It can be drawn elsewhere."),
            "choice",
            {
                BOTTOM: mark("At the bottom of the screen"),
                TOP: mark("At the top of the screen"),
                OWN_PLACE: mark("Where it was drawn to"),
                NOWHERE: mark("Not at all"),
            },
        ),
    )
    dictation_sounds: bool = setting(
        False,
        About(
            DICTATION,
            mark("Soft sounds at the start and the end"),
            mark("The first tells that the microphone hears. It is not recognised."),
            "switch",
        ),
    )
    dictation_pre_roll_ms: int = setting(
        0,
        About(
            DICTATION,
            mark("Hear what was said before the key (milliseconds)"),
            mark("The microphone is on all the time then, in memory only, and the tray shows it. 0: off."),
            "number",
            minimum=0,
            maximum=3000,
        ),
    )
    dictation_marks: bool = setting(
        True,
        About(
            DICTATION,
            mark("Spoken punctuation"),
            mark("“Comma”, “full stop” and “new line” are written as signs, in English, German, Spanish and French."),
            "switch",
        ),
    )
    dictation_fillers: bool = setting(
        False,
        About(DICTATION, mark("Leave out “um” and “er”"), mark("Words that say nothing are not written."), "switch"),
    )
    dictation_space_after: bool = setting(
        True,
        About(
            DICTATION,
            mark("A space after the text"),
            mark("The next dictation follows it then. Left out where it does not belong."),
            "switch",
        ),
    )
    dictation_fits: bool = setting(
        True,
        About(
            DICTATION,
            mark("Join on to the text at the caret"),
            mark("Capitals and spaces as they are needed there, where the other program tells it. None of it is kept."),
            "switch",
        ),
    )
    dictation_words: Pairs = setting(
        (),
        About(
            DICTATION,
            mark("Own words"),
            mark("What is heard, and what is written instead. With nothing heard: a word that is spelt like this."),
            "words",
        ),
    )
    dictation_methods: Pairs = setting(
        (),
        About(
            DICTATION,
            mark("How text gets into programs"),
            mark("Undertone pastes, and knows the usual terminals. Say here where it has to be done otherwise."),
            "methods",
        ),
    )
    dictation_history: str = setting(
        "30",
        About(
            DICTATION,
            mark("Keep the texts of dictations"),
            mark("On this machine only. Earlier ones are deleted."),
            "choice",
            TIMES,
        ),
    )
    dictation_sound_time: str = setting(
        "1",
        About(
            DICTATION,
            mark("Keep their sound"),
            mark("To hear it, or to recognise it again with another model."),
            "choice",
            TIMES,
        ),
    )


def days_kept(time: str) -> int | None:
    """How many days something is kept; None for good."""
    return None if time == FOR_GOOD else 0 if time == UNKEPT else int(time)
