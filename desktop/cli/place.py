"""The parts that every command needs, built from the user's folders."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from desktop.core import i18n
from desktop.core.settings import Settings
from desktop.engine.client import EngineClient
from desktop.engine.models import Models
from desktop.store.library import Library
from desktop.store.paths import Paths
from desktop.store.settings_file import SettingsFile
from desktop.store.tunings import TuningsFile


@dataclass(frozen=True, slots=True)
class Place:
    """Where the program works: folders, settings, models."""

    paths: Paths
    settings: Settings
    models: Models

    @staticmethod
    def of_the_user() -> Place:
        """Raises AppError when there is no place for data."""
        paths = Paths.default()
        paths.prepare()
        i18n.use_language("", paths.translations)
        settings, problems = SettingsFile(paths.settings_file).load()
        for problem in problems:
            print(problem, file=sys.stderr)
        return Place(paths, settings, Models(paths.models, paths.demo_model))

    def engine(self) -> EngineClient:
        """The engine, which knows what was measured on this machine; its process starts with the first file."""
        return EngineClient(self.models, tunings=TuningsFile(self.paths.tunings).load)

    def library(self) -> Library:
        """The library, with what a dead process left behind marked as interrupted. Raises AppError."""
        library = Library(self.paths.library, self.paths.locks)
        library.recover()
        return library
