"""Where settings, models, transcripts, logs and resources live."""

from __future__ import annotations

import getpass
import hashlib
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from desktop.core import resources
from desktop.core.errors import LibraryUnusable

NAME = "undertone"
_PRIVATE = 0o700
_LONGEST_SOCKET = 100
"""Bytes. The system allows 107 for a local socket, macOS 103."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one user, and what lies in them. Nothing is made or looked at before `prepare`."""

    config: Path
    data: Path
    logs: Path
    cache: Path
    resources: Path

    @staticmethod
    def default() -> Paths:
        """The folders that the system keeps for this program."""
        return Paths(
            config=platformdirs.user_config_path(NAME, appauthor=False),
            data=platformdirs.user_data_path(NAME, appauthor=False),
            logs=platformdirs.user_log_path(NAME, appauthor=False),
            cache=platformdirs.user_cache_path(NAME, appauthor=False),
            resources=resources.folder(),
        )

    def prepare(self) -> None:
        """Make the folders, for the user's eyes only. Raises LibraryUnusable when there is no place for the data."""
        try:
            self.data.mkdir(_PRIVATE, parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryUnusable(folder=str(self.data), reason=error.strerror or str(error)) from error
        # Without these the program still works; whoever writes into them says so when it cannot.
        with suppress(OSError):
            self.config.mkdir(_PRIVATE, parents=True, exist_ok=True)
        with suppress(OSError):
            self.logs.mkdir(_PRIVATE, parents=True, exist_ok=True)
        with suppress(OSError):
            _runtime_folder(make=True)

    @property
    def settings_file(self) -> Path:
        """What the user chose for good."""
        return self.config / "settings.json"

    @property
    def style_file(self) -> Path:
        """The user's own rules for subtitles."""
        return self.config / "style.toml"

    @property
    def tunings(self) -> Path:
        """How models run best on this machine, as it was measured."""
        return self.data / "tunings.json"

    @property
    def peaks(self) -> Path:
        """Waveforms of files that were shown: they can be made again."""
        return self.cache / "peaks"

    @property
    def library(self) -> Path:
        """The database of jobs and transcripts."""
        return self.data / "library.sqlite3"

    @property
    def models(self) -> Path:
        """One folder for each installed model."""
        return self.data / "models"

    @property
    def recordings(self) -> Path:
        """What was recorded, where the settings name no other folder."""
        return self.data / "recordings"

    @property
    def dictations(self) -> Path:
        """The sound of dictations, for as long as it is kept."""
        return self.data / "dictations"

    @property
    def locks(self) -> Path:
        """One lock file for each job at work."""
        return self.data / "locks"

    @property
    def marks(self) -> Path:
        """Small pictures that the style sheet is given as files."""
        return self.data / "marks"

    @property
    def socket(self) -> str:
        """Where the running instance listens: the path of a local socket, on Windows the name of a pipe.

        It differs for another data folder, so that each library has at most one running instance.
        """
        name = f"{NAME}-{hashlib.sha256(bytes(self.data)).hexdigest()[:8]}"
        if sys.platform == "win32":
            return f"{name}-{getpass.getuser()}"
        beside_data = str(self.data / f"{name}.sock")
        try:
            usual = str(_runtime_folder() / f"{name}.sock")
        except OSError:  # someone else holds the folder of that name
            return beside_data
        return usual if len(usual.encode(errors="surrogateescape")) <= _LONGEST_SOCKET else beside_data

    @property
    def demo_model(self) -> Path:
        """The model that ships with the program and knows a few hundred words."""
        return self.resources / "models" / "demo"

    @property
    def icons(self) -> Path:
        """The drawings, as SVG."""
        return self.resources / "icons"

    @property
    def translations(self) -> Path:
        """The gettext catalogues."""
        return self.resources / "translations"

    @property
    def samples(self) -> Path:
        """Speech to try the program with."""
        return self.resources / "samples"


def _runtime_folder(make: bool = False) -> Path:
    """The user's private folder for what lives as long as a session. Raises OSError when it is not the user's."""
    with warnings.catch_warnings():
        # platformdirs warns when XDG_RUNTIME_DIR is not set, as over SSH; the folder it falls back to is as good.
        warnings.simplefilter("ignore")
        return platformdirs.user_runtime_path(ensure_exists=make)
