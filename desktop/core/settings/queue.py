"""When the queue works, and what it leaves to others."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.i18n import mark
from desktop.core.settings.about import QUEUE, About, setting

ON_BATTERY, ALWAYS, NEVER = "battery", "always", "never"


@dataclass(frozen=True)
class QueueSettings:
    """For the queue of the window; the terminal has none."""

    start_at_once: bool = setting(
        True,
        About(QUEUE, mark("Start when files are added"), mark("Off: files wait until you press Start."), "switch"),
    )
    resume_by_itself: bool = setting(
        False,
        About(
            QUEUE,
            mark("Go on by itself after an interruption"),
            mark("Work that a crash or a shutdown cut off goes on at the next start, from where it was."),
            "switch",
        ),
    )
    leave_room: str = setting(
        ON_BATTERY,
        About(
            QUEUE,
            mark("Leave room for other programs"),
            mark("Half of the processor is used, and other programs come first."),
            "choice",
            {ON_BATTERY: mark("On battery"), ALWAYS: mark("Always"), NEVER: mark("Never")},
        ),
    )
    watch_machine: bool = setting(
        True,
        About(
            QUEUE,
            mark("Watch memory and heat"),
            mark(
                "While the queue works: at 90 % of memory fewer stretches are heard together; in great heat it rests."
            ),
            "switch",
        ),
    )
    keep_awake: bool = setting(
        True,
        About(
            QUEUE,
            mark("Keep the machine awake"),
            mark("While the queue works or a recording runs, the machine does not sleep."),
            "switch",
        ),
    )
    notify: bool = setting(
        True,
        About(
            QUEUE,
            mark("Notify when the queue is done"),
            mark("A message of the desktop, with the number of files."),
            "switch",
        ),
    )
