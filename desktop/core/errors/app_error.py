"""What all failures have in common: two sentences, and a form in which they are kept.

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

    def __reduce__(self) -> tuple[Any, ...]:
        """Exceptions are pickled with what they were made of in its order, which facts by name have not."""
        return AppError.from_record, (self.to_record(),)

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
