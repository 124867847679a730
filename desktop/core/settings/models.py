"""Where models come from, and how long they stay in memory."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.core.i18n import mark
from desktop.core.settings.about import MODELS, About, setting


@dataclass(frozen=True)
class ModelSettings:
    """For models that are fetched and loaded."""

    idle_minutes: int = setting(
        2,
        About(
            MODELS,
            mark("Free the memory after (minutes)"),
            mark("A model that has nothing to do leaves the memory. The next file waits until it is loaded again."),
            "number",
            minimum=1,
            maximum=600,
        ),
    )
    offline: bool = setting(
        False,
        About(
            MODELS,
            mark("Stay offline"),
            mark("Nothing is ever fetched from the internet. Models can still be added from a folder or a zip."),
            "switch",
        ),
    )
    mirror: str = setting(
        "",
        About(
            MODELS,
            mark("Address of a mirror"),
            mark("Where models are fetched. Empty: what HF_ENDPOINT says, else Hugging Face itself."),
            "text",
        ),
    )
