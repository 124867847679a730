"""How the window looks, and what closing it means."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.i18n import mark
from desktop.core.review import THRESHOLD
from desktop.core.settings.about import APPEARANCE, About, setting


@dataclass(frozen=True)
class AppearanceSettings:
    """For the window alone."""

    doubt_percent: int = setting(
        round(100 * THRESHOLD),
        About(
            APPEARANCE,
            mark("Mark words below this probability (percent)"),
            mark("The review goes through them. 0 marks none."),
            "number",
            minimum=0,
            maximum=99,
        ),
    )
    theme: str = setting(
        "system",
        About(
            APPEARANCE,
            mark("Colours"),
            mark("Follows the system, or is always light or dark."),
            "choice",
            {"system": mark("As the system"), "light": mark("Light"), "dark": mark("Dark")},
        ),
    )
    close_to_tray: bool = setting(
        True,
        About(
            APPEARANCE,
            mark("Keep running in the tray when the window is closed"),
            mark("Work goes on without a window. Quit in the tray menu ends the program."),
            "switch",
        ),
    )
