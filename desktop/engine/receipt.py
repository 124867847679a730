"""What was installed and from where: written beside a model, so that it can be proved whole at any time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAME = "undertone.json"
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Seal:
    """The size of a file and its digest: SHA-256, or for small files of the hub the SHA-1 of git."""

    size: int
    sha256: str = ""
    git_sha1: str = ""

    @staticmethod
    def of(file: Path) -> Seal:
        """That of a file as it is."""
        digest = hashlib.sha256()
        for block in blocks(file):
            digest.update(block)
        return Seal(file.stat().st_size, digest.hexdigest())

    def begun(self) -> Any:
        """A digest of this kind, to be given all bytes of the file."""
        if self.sha256 or not self.git_sha1:
            return hashlib.sha256()
        return hashlib.sha1(b"blob %d\0" % self.size, usedforsecurity=False)

    def is_of(self, size: int, digest: Any) -> bool:
        """Whether these are its size and digest."""
        return size == self.size and digest.hexdigest() == (self.sha256 or self.git_sha1)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a model came from and the seals of its files; a conversion has the seals of what came out of it."""

    repository: str = ""
    commit: str = ""
    files: Mapping[str, Seal] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Put it beside the files."""
        files = {name: {"size": one.size, **_digest(one)} for name, one in self.files.items()}
        record = {"repository": self.repository, "commit": self.commit, "files": files}
        (folder / NAME).write_text(json.dumps(record, indent=1), encoding="utf-8")

    @staticmethod
    def of(folder: Path) -> Receipt | None:
        """The one beside a model; None for a model that came without. Raises ValueError when it cannot be read."""
        file = folder / NAME
        if not file.is_file():
            return None
        try:
            record = json.loads(file.read_text(encoding="utf-8"))
            files = {str(name): Seal(**about) for name, about in record["files"].items()}
            return Receipt(str(record["repository"]), str(record["commit"]), files)
        except (OSError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(NAME) from error


def blocks(path: Path) -> Iterator[bytes]:
    """A file in pieces."""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _digest(seal: Seal) -> dict[str, str]:
    return {"sha256": seal.sha256} if seal.sha256 else {"git_sha1": seal.git_sha1}
