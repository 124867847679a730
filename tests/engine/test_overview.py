"""All models at one glance, in the order in which they are shown."""

from pathlib import Path

from desktop.core.catalogue import OFFERS, Room, Standing
from desktop.core.tuning import Setup, Tuning, Tunings
from desktop.engine.hub import Hub
from desktop.engine.installing import STAGING, Installer
from desktop.engine.models import DEMO_NAME, Models
from desktop.engine.overview import overview, room_here
from tests.hub_server import small_model

USUAL = Setup("int8", 1, 2, 8)
ROOM = Room(2, "AVX512", 24 << 30, hardware="AMD EPYC")


def test_what_is_here_comes_first_and_only_one_is_recommended(models: Models) -> None:
    small_model(models.folder / "base")
    small_model(models.folder / "mine")
    (small_model(models.folder / "medium") / "config.json").unlink()
    begun = models.folder / STAGING / "small" / "commit"
    begun.mkdir(parents=True)
    (begun / "model.bin.part").write_bytes(bytes(1000))
    (models.folder / STAGING / "somebody--whisper").mkdir()
    size = (models.folder / "base" / "model.bin").stat().st_size
    fast = Tuning("base", size, "cpu", "AMD EPYC", USUAL, 30.0)
    of_another = Tuning("mine", 1, "cpu", "AMD EPYC", USUAL, 99.0)
    tunings = Tunings((fast, of_another))
    entries = overview(models, Installer(models, Hub), ROOM, (), tunings)
    names = [entry.name for entry in entries]
    assert names[:5] == ["base", "mine", DEMO_NAME, "medium", "somebody--whisper"]
    assert set(names[5:]) == {offer.name for offer in OFFERS} - {"base", "medium"}
    about = {entry.name: entry for entry in entries}
    assert [about[name].standing for name in ("base", "mine", DEMO_NAME, "medium", "small")] == [
        Standing.INSTALLED,
        Standing.INSTALLED,
        Standing.DEMO,
        Standing.BROKEN,
        Standing.OFFERED,
    ]
    assert (about["base"].speed, about["base"].is_measured) == (30.0, True)
    assert "config.json" in about["medium"].problem
    assert about["small"].fetched == 1000
    assert about["somebody--whisper"].repository == "somebody/whisper"
    assert [entry.name for entry in entries if entry.reason] == ["small"]
    assert (about["mine"].level, about["mine"].is_measured) == (0, False)


def test_this_machine_is_looked_at(tmp_path: Path) -> None:
    room = room_here("cpu")
    assert room.cores >= 1
    assert room.memory > 0
    assert room.card_memory == 0
