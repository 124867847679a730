"""Sentences for people: marked where they stand, translated when they are shown."""

import gettext
from pathlib import Path

DOMAIN = "undertone"

_catalogue: gettext.NullTranslations = gettext.NullTranslations()


def use_language(language: str, translations: Path) -> None:
    """Show everything from here on in `language` ("de", "" for the system's), as far as a catalogue has it."""
    global _catalogue  # noqa: PLW0603 - the language of the program is one for the whole process
    languages = [language] if language else None
    _catalogue = gettext.translation(DOMAIN, translations, languages, fallback=True)


def _(message: str) -> str:
    """The sentence in the language of the user."""
    return _catalogue.gettext(message)


def _n(singular: str, plural: str, count: int) -> str:
    """The sentence for `count` things, with `{count}` filled in."""
    return _catalogue.ngettext(singular, plural, count).format(count=count)


def mark(message: str) -> str:
    """Marks a sentence for the catalogue where it is declared; `_` translates it where it is shown."""
    return message
