"""Models are fetched from a hub on this machine: whatever goes wrong, a model is whole or not installed."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from desktop.core import errors
from desktop.core.catalogue import Installed, Progress, Stage
from desktop.core.errors import AppError
from desktop.engine import holding
from desktop.engine.hub import Hub, Patience
from desktop.engine.installing import STAGING, Installer, News
from desktop.engine.models import Models, Origin
from tests.conftest import DEMO_MODEL, ROOT, sentence_of
from tests.hub_server import COMMIT, HubServer, open_hub, portal, silence, small_model, status

TINY = "Systran/faster-whisper-tiny"
SIZE = 400_000
QUICK = Patience(connect_s=2, silence_s=0.3, tries=3, first_pause_s=0.01, longest_pause_s=2)


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return small_model(tmp_path / "whole", SIZE)


@pytest.fixture
def hub(whole: Path) -> Iterator[HubServer]:
    with open_hub() as server:
        server.add(TINY, whole)
        yield server


@pytest.fixture
def installer(hub: HubServer, models: Models) -> Installer:
    return Installer(models, lambda: Hub(hub.address, patience=QUICK))


def done(news: Iterator[News]) -> list[News]:
    return list(news)


def install(installer: Installer, wanted: str = "tiny", stop: threading.Event | None = None) -> list[News]:
    return done(installer.install(wanted, stop or threading.Event()))


def failure(installer: Installer, wanted: str = "tiny") -> AppError:
    with pytest.raises(AppError) as caught:
        install(installer, wanted)
    assert sentence_of(caught.value)
    return caught.value


def is_installed(models: Models, name: str = "tiny") -> bool:
    """Whole, byte for byte, or nothing of it to be seen: a third is a failure of the test."""
    listed = [model.name for model in models.installed() if not model.is_demo]
    if name in listed:
        for file in (models.folder.parents[3] / "whole").iterdir():
            if file.suffix in (".bin", ".json"):
                assert (models.folder / name / file.name).read_bytes() == file.read_bytes()
        return True
    assert listed == []
    assert not (models.folder / name).exists()
    assert models.broken() == {}
    return False


# --- whole ------------------------------------------------------------------------------------------------------------


def test_a_model_is_fetched_proved_and_listed(installer: Installer, hub: HubServer, models: Models) -> None:
    news = install(installer)
    assert news[-1] == Installed("tiny")
    assert is_installed(models)
    assert models.find("tiny").origin is Origin.ELSEWHERE
    assert hub.sent["model.bin"] == SIZE
    assert "README.md" not in hub.sent
    assert not (models.folder / STAGING / "tiny").exists()


def test_progress_grows_to_the_size_of_all_files(installer: Installer) -> None:
    told = [one for one in install(installer) if isinstance(one, Progress) and one.stage is Stage.FETCHING]
    assert told
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert all(0 < one.done <= one.total and one.said for one in told)


def test_a_model_that_is_there_is_not_fetched_again(installer: Installer, hub: HubServer) -> None:
    install(installer)
    asked = len(hub.asked)
    assert install(installer) == [Installed("tiny")]
    assert len(hub.asked) == asked


def test_a_model_of_another_name_on_the_hub_is_known_by_both_parts(
    installer: Installer, hub: HubServer, models: Models
) -> None:
    hub.repositories["somebody/whisper-of-mine"] = hub.repositories[TINY]
    assert install(installer, "somebody/whisper-of-mine")[-1] == Installed("somebody--whisper-of-mine")
    assert is_installed(models, "somebody--whisper-of-mine")
    assert install(installer, TINY)[-1] == Installed("tiny")


def test_the_hub_learns_nothing_but_what_is_fetched(installer: Installer, hub: HubServer) -> None:
    install(installer)
    assert {path.split("/")[1] for path in hub.asked} == {"api", "Systran", "store"}
    assert all("agent" not in path for path in hub.asked)
    assert all("agent/" not in about["user-agent"] and "authorization" not in about for about in hub.headers)


def test_a_token_is_never_sent_to_a_mirror(
    installer: Installer, hub: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    install(installer)
    assert all("hf_secret" not in str(about) for about in hub.headers)


def test_the_address_of_the_environment_is_taken(
    hub: HubServer, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    install(Installer(models, lambda: Hub(patience=QUICK)))
    assert is_installed(models)


def test_a_broken_model_is_replaced(installer: Installer, models: Models, whole: Path) -> None:
    shutil.copytree(whole, models.folder / "tiny")
    (models.folder / "tiny" / "tokenizer.json").unlink()
    assert list(models.broken()) == ["tiny"]
    install(installer)
    assert is_installed(models)


# --- cut off ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("percent", [1, 50, 99])
def test_a_cut_connection_costs_no_byte_twice(
    installer: Installer, hub: HubServer, models: Models, percent: int
) -> None:
    at = SIZE * percent // 100
    hub.cuts["model.bin"] = [at]
    news = install(installer)
    assert is_installed(models)
    assert hub.ranges == [f"model.bin bytes={at}-"]
    assert hub.sent["model.bin"] == SIZE
    assert [one.stage for one in news if isinstance(one, Progress)].count(Stage.WAITING) == 1


@pytest.mark.parametrize("percent", [1, 50, 99])
def test_the_next_try_goes_on_where_the_last_one_was_given_up(
    installer: Installer, hub: HubServer, models: Models, percent: int
) -> None:
    at = SIZE * percent // 100
    hub.cuts["model.bin"] = [at]
    hub.faults["/store/Systran/faster-whisper-tiny/model.bin"] = [lambda _handler: False, *3 * [status(503)]]
    assert isinstance(failure(installer), errors.HubFailed)
    assert not is_installed(models)
    assert installer.fetched()["tiny"] >= at
    install(installer)
    assert is_installed(models)
    assert hub.sent["model.bin"] == SIZE


def test_a_connection_that_breaks_again_and_again_is_gone_on_with_as_long_as_something_comes(
    installer: Installer, hub: HubServer, models: Models
) -> None:
    hub.cuts["model.bin"] = [SIZE * tenth // 10 for tenth in range(1, 10)]
    install(installer)
    assert is_installed(models)
    assert hub.sent["model.bin"] == SIZE


def test_stopping_ends_it_at_once_and_keeps_what_came(installer: Installer, hub: HubServer, models: Models) -> None:
    stop = threading.Event()
    hub.meanwhile = lambda name, count: stop.set() if name == "model.bin" and count > SIZE // 2 else None
    assert not any(isinstance(one, Installed) for one in install(installer, stop=stop))
    assert not is_installed(models)
    hub.meanwhile = lambda _name, _count: None
    before = hub.sent["model.bin"]
    kept = (models.folder / STAGING / "tiny" / COMMIT / "model.bin.part").stat().st_size
    install(installer)
    assert is_installed(models)
    assert hub.sent["model.bin"] - before == SIZE - kept


def test_stopping_does_not_wait_for_a_hub_that_says_nothing(hub: HubServer, models: Models) -> None:
    stop = threading.Event()
    patient = Installer(models, lambda: Hub(hub.address, patience=Patience(silence_s=2)))

    def hang(handler: object) -> bool:
        stop.set()
        return silence(handler)  # type: ignore[arg-type]

    hub.faults["/store/Systran/faster-whisper-tiny/model.bin"] = [hang]
    install(patient, stop=stop)
    assert not is_installed(models)
    stop.clear()
    hub.faults["/api/models/Systran/faster-whisper-tiny"] = [hang]
    install(patient, stop=stop)
    assert not is_installed(models)


def test_a_stalled_connection_is_given_up_and_opened_anew(installer: Installer, hub: HubServer, models: Models) -> None:
    half = SIZE // 2

    def stall(name: str, count: int) -> None:
        if name == "model.bin" and count >= half and hub.sent["model.bin"] < half + 20_000:
            hub.over.wait(0.6)

    hub.meanwhile = stall
    install(installer)
    assert is_installed(models)
    assert any(one.startswith("model.bin bytes=") for one in hub.ranges)


def test_a_server_that_knows_no_ranges_is_read_from_the_start(
    installer: Installer, hub: HubServer, models: Models
) -> None:
    hub.cuts["model.bin"] = [SIZE // 2]
    hub.ignores_ranges = True
    install(installer)
    assert is_installed(models)


def test_another_version_on_the_hub_makes_no_mixture(installer: Installer, hub: HubServer, models: Models) -> None:
    hub.cuts["model.bin"] = [SIZE // 2]
    hub.faults["/store/Systran/faster-whisper-tiny/model.bin"] = [lambda _handler: False, *3 * [status(500)]]
    failure(installer)
    hub.commit = "f" * 40
    install(installer)
    assert is_installed(models)
    assert hub.sent["model.bin"] == SIZE + SIZE // 2


# --- wrong ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["model.bin", "tokenizer.json", "config.json"])
def test_a_file_with_another_digest_is_thrown_away(
    installer: Installer, hub: HubServer, models: Models, file: str
) -> None:
    content = hub.repositories[TINY][file]
    hub.swaps[file] = content[:-1] + bytes([content[-1] ^ 1])
    error = failure(installer)
    assert isinstance(error, errors.ModelDamaged)
    assert file in str(error)
    assert not is_installed(models)
    assert not list((models.folder / STAGING).rglob(f"{file}*"))
    hub.swaps.clear()
    install(installer)
    assert is_installed(models)


def test_a_file_of_another_length_is_refused(installer: Installer, hub: HubServer, models: Models) -> None:
    hub.swaps["model.bin"] = hub.repositories[TINY]["model.bin"] + b"more"
    assert isinstance(failure(installer), errors.ModelDamaged)
    assert not is_installed(models)


def test_bad_bytes_of_an_earlier_try_are_fetched_again(installer: Installer, hub: HubServer, models: Models) -> None:
    aside = models.folder / STAGING / "tiny" / COMMIT
    aside.mkdir(parents=True)
    (aside / "model.bin.part").write_bytes(bytes(1000))
    install(installer)
    assert is_installed(models)
    assert hub.sent["model.bin"] == 2 * SIZE - 1000


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (404, errors.ModelUnknown),
        (401, errors.ModelForbidden),
        (403, errors.ModelForbidden),
        (500, errors.HubFailed),
        (503, errors.HubFailed),
        (418, errors.HubFailed),
    ],
)
@pytest.mark.parametrize("place", ["/api/models/Systran/faster-whisper-tiny", "/model.bin"])
def test_each_refusal_has_a_sentence(
    installer: Installer, hub: HubServer, models: Models, code: int, kind: type[AppError], place: str
) -> None:
    hub.faults[place] = 9 * [status(code)]
    assert isinstance(failure(installer), kind)
    assert not is_installed(models)
    del hub.faults[place]
    install(installer)
    assert is_installed(models)


def test_a_name_that_the_hub_does_not_have_is_said(installer: Installer, models: Models) -> None:
    assert isinstance(failure(installer, "nobody/nothing"), errors.ModelUnknown)
    assert isinstance(failure(installer, "no model at all"), errors.ModelUnlike)
    assert isinstance(failure(installer, "nobody/../nothing"), errors.ModelUnlike)
    assert not is_installed(models)


@pytest.mark.parametrize("place", ["/api/models/Systran/faster-whisper-tiny", "/model.bin"])
def test_a_hub_that_asks_to_wait_is_waited_for(
    installer: Installer, hub: HubServer, models: Models, place: str
) -> None:
    hub.faults[place] = [status(429, Retry_After="0"), status(429, Retry_After="1")]
    news = install(installer)
    assert is_installed(models)
    waits = [one.said for one in news if isinstance(one, Progress) and one.stage is Stage.WAITING]
    assert len(waits) == 2
    assert "wants no more requests" in waits[0]


def test_a_hub_that_asks_for_an_hour_is_not_waited_for(installer: Installer, hub: HubServer) -> None:
    hub.faults["/model.bin"] = [status(429, Retry_After="3600")]
    error = failure(installer)
    assert isinstance(error, errors.HubBusy)
    assert "60 min" in str(error)


def test_a_failure_that_passes_is_only_told(installer: Installer, hub: HubServer, models: Models) -> None:
    hub.faults["/api/models/Systran/faster-whisper-tiny"] = [status(502), silence]
    hub.faults["/store/Systran/faster-whisper-tiny/model.bin"] = [status(504), silence]
    install(installer)
    assert is_installed(models)


def test_a_hub_that_never_answers_is_given_up(installer: Installer, hub: HubServer, models: Models) -> None:
    hub.faults["/model.bin"] = 9 * [silence]
    error = failure(installer)
    assert isinstance(error, errors.HubUnreachable)
    assert "does not answer" in str(error)
    assert not is_installed(models)


def test_nobody_at_the_address_is_said(models: Models) -> None:
    error = failure(Installer(models, lambda: Hub("http://127.0.0.1:9", patience=QUICK)))
    assert isinstance(error, errors.HubUnreachable)
    assert "127.0.0.1:9" in str(error)


def test_the_page_of_a_hotel_is_no_answer(installer: Installer, hub: HubServer, models: Models) -> None:
    hub.faults["/api/models/Systran/faster-whisper-tiny"] = 9 * [portal]
    assert isinstance(failure(installer), errors.HubFailed)
    del hub.faults["/api/models/Systran/faster-whisper-tiny"]
    hub.faults["/config.json"] = 9 * [portal]
    assert isinstance(failure(installer), errors.ModelDamaged)
    assert not is_installed(models)


def test_a_proxy_that_is_not_there_is_said(
    installer: Installer, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    assert isinstance(failure(installer), errors.HubUnreachable)


def test_a_proxy_of_the_environment_is_used(hub: HubServer, models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, hub.address)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    install(Installer(models, lambda: Hub("http://hub.invalid", patience=QUICK)))
    assert is_installed(models)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of this machine that nobody has signed, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("this machine lacks openssl")
    file, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    about = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", *kind, *about, "-keyout", key, "-out", file]
    subprocess.run(command, check=True, capture_output=True)
    file.write_text(file.read_text() + key.read_text())
    return file


def test_what_the_system_trusts_is_trusted_and_nothing_else(
    certificate: Path, whole: Path, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_hub(certificate) as hub:
        hub.add(TINY, whole)
        installer = Installer(models, lambda: Hub(hub.address, patience=QUICK))
        error = failure(installer)
        assert isinstance(error, errors.HubUnreachable)
        assert "certificate" in str(error)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        install(installer)
    assert is_installed(models)


def test_the_folder_of_the_models_may_have_any_name(hub: HubServer, tmp_path: Path) -> None:
    models = Models(tmp_path / "a" / "Jürgen 模型 'x' %20 \u202e" / "models", DEMO_MODEL)
    install(Installer(models, lambda: Hub(hub.address, patience=QUICK)))
    assert models.has("tiny")
    assert Installer(models, Hub).remove("tiny")


def test_offline_means_no_request(hub: HubServer, models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(failure(Installer(models, lambda: Hub(hub.address, offline=True))), errors.StaysOffline)
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert isinstance(failure(Installer(models, lambda: Hub(hub.address))), errors.StaysOffline)
    assert hub.asked == []


@pytest.mark.parametrize("lacks", ["tokenizer.json", "vocabulary.json", "model.bin", "config.json"])
def test_a_repository_that_is_no_model_is_refused_before_anything_is_fetched(
    installer: Installer, hub: HubServer, lacks: str
) -> None:
    del hub.repositories[TINY][lacks]
    error = failure(installer)
    assert isinstance(error, errors.ModelUnlike)
    assert lacks in error.said_headline
    assert not hub.sent


# --- the disk, the process --------------------------------------------------------------------------------------------


@pytest.fixture
def disk(paths: object, models: Models) -> Iterator[Path]:
    """The models lie on a disk of 2 MB; mounting one needs root."""
    models.folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "undertone-test", models.folder]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield models.folder
    subprocess.run(["umount", models.folder], check=True)


def test_too_little_space_is_known_before_anything_is_fetched(disk: Path, installer: Installer, hub: HubServer) -> None:
    (disk / "fill").write_bytes(bytes(1_700_000))
    error = failure(installer)
    assert isinstance(error, errors.ModelRoomMissing)
    assert "0.4 MB" in str(error)
    assert not hub.sent


def test_a_disk_that_fills_up_on_the_way_ends_it_and_the_rest_comes_later(
    disk: Path, installer: Installer, hub: HubServer, models: Models
) -> None:
    is_full = threading.Event()

    def fill(name: str, count: int) -> None:
        if name == "model.bin" and count >= 100_000 and not (disk / "fill").exists():
            part = disk / STAGING / "tiny" / COMMIT / "model.bin.part"
            while not part.exists() or not part.stat().st_size:
                assert not hub.over.wait(0.01)
            with (disk / "fill").open("wb", buffering=0) as file, suppress(OSError):
                while True:
                    file.write(bytes(4096))
            is_full.set()

    hub.meanwhile = fill
    assert isinstance(failure(installer), errors.DiskFull)
    assert not is_installed(models)
    assert is_full.wait(10)  # a file that is open still takes its room when it is deleted
    hub.meanwhile = lambda _name, _count: None
    (disk / "fill").unlink()
    install(installer)
    assert is_installed(models)
    assert any(one.startswith("model.bin bytes=") for one in hub.ranges)


def test_a_folder_that_may_not_be_written_is_said(installer: Installer, models: Models) -> None:
    models.folder.parent.mkdir(exist_ok=True)
    models.folder.write_text("no folder")
    assert isinstance(failure(installer), errors.ModelUnwritable)


CHILD = """
import sys, threading
from pathlib import Path
from desktop.engine.hub import Hub
from desktop.engine.installing import Installer
from desktop.engine.models import Models
models = Models(Path(sys.argv[1]), Path("/nowhere"))
for news in Installer(models, lambda: Hub(sys.argv[2])).install("tiny", threading.Event()):
    print(news, flush=True)
"""


def child(models: Models, hub: HubServer) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(models.folder), hub.address],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={**os.environ, "HOME": str(models.folder.parent)},
    )


def test_a_killed_process_leaves_nothing_half_and_its_bytes_are_used(
    installer: Installer, hub: HubServer, models: Models
) -> None:
    arrived = threading.Event()

    def hold(name: str, count: int) -> None:
        if name == "model.bin" and count >= SIZE // 2 and not arrived.is_set():
            arrived.set()
            hub.over.wait(30)

    hub.meanwhile = hold
    process = child(models, hub)
    part = models.folder / STAGING / "tiny" / COMMIT / "model.bin.part"
    assert arrived.wait(30)
    while not part.exists() or part.stat().st_size < SIZE // 2 - 70_000:
        assert process.poll() is None
        threading.Event().wait(0.01)
    second = failure(installer)
    assert isinstance(second, errors.ModelBusy)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert not is_installed(models)
    kept = part.stat().st_size
    before = hub.sent["model.bin"]
    install(installer)
    assert is_installed(models)
    assert hub.ranges == [f"model.bin bytes={kept}-"]
    assert hub.sent["model.bin"] - before == SIZE - kept


def test_two_processes_at_once_end_with_one_whole_model(hub: HubServer, models: Models) -> None:
    both = [child(models, hub), child(models, hub)]
    outputs = [one.communicate(timeout=60)[0] for one in both]
    assert any(b"Installed" in output for output in outputs)
    assert is_installed(models)
    assert hub.sent["model.bin"] == SIZE


# --- brought along ----------------------------------------------------------------------------------------------------


def add(installer: Installer, source: Path) -> list[News]:
    return done(installer.bring(str(source), threading.Event()))


@pytest.mark.parametrize("name", ["Modèle é 模型 \u202e", "with a space", "a'b\"c%d"])
def test_a_folder_of_any_name_is_copied(
    installer: Installer, models: Models, tmp_path: Path, name: str, whole: Path
) -> None:
    source = Path(shutil.copytree(whole, tmp_path / name))
    news = add(installer, source)
    assert isinstance(news[-1], Installed)
    assert is_installed(models, news[-1].name)
    assert source.is_dir()


@pytest.mark.parametrize("inside", ["", "model/"])
def test_a_zip_is_unpacked(installer: Installer, models: Models, tmp_path: Path, inside: str, whole: Path) -> None:
    with zipfile.ZipFile(tmp_path / "mine.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in whole.iterdir():
            archive.write(file, f"{inside}{file.name}")
        archive.writestr("../../evil.json", "[]")
        archive.writestr("__MACOSX/._model.bin", "x")
    assert add(installer, tmp_path / "mine.zip")[-1] == Installed("mine")
    assert is_installed(models, "mine")
    assert not list(tmp_path.rglob("evil.json"))


@pytest.mark.parametrize("lacks", ["tokenizer.json", "vocabulary.json", "config.json", "model.bin"])
def test_what_a_folder_lacks_is_named(
    installer: Installer, models: Models, tmp_path: Path, lacks: str, whole: Path
) -> None:
    source = Path(shutil.copytree(whole, tmp_path / "half"))
    (source / lacks).unlink()
    with pytest.raises(errors.ModelUnlike, match=lacks):
        add(installer, source)
    assert not is_installed(models, "half")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04" + bytes(2000), "not made by CTranslate2"),
        (b"\x06\0\0\0\x10\0TransformerSpec\0" + bytes(2000), "TransformerSpec"),
        (b"ggml" + os.urandom(2000), "not made by CTranslate2"),
    ],
)
def test_weights_of_another_kind_are_refused(
    installer: Installer, models: Models, tmp_path: Path, content: bytes, said: str, whole: Path
) -> None:
    source = Path(shutil.copytree(whole, tmp_path / "other"))
    (source / "model.bin").write_bytes(content)
    with pytest.raises(errors.ModelBroken, match=said):
        add(installer, source)
    assert not is_installed(models, "other")


def test_other_files_are_refused_by_what_they_are(
    installer: Installer, models: Models, tmp_path: Path, whole: Path
) -> None:
    ggml = tmp_path / "ggml-small.bin"
    ggml.write_bytes(b"lmgg" + bytes(100))
    with pytest.raises(errors.ModelUnlike, match="neither a folder nor a zip"):
        add(installer, ggml)
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(damaged, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in whole.iterdir():
            archive.write(file, file.name)
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 200] = bytes(200)
    damaged.write_bytes(content)
    with pytest.raises(errors.ModelUnlike, match="damaged"):
        add(installer, damaged)
    assert not is_installed(models, "damaged")


def test_adding_can_be_stopped(installer: Installer, models: Models, whole: Path) -> None:
    stop = threading.Event()
    stop.set()
    assert not any(isinstance(one, Installed) for one in installer.add(whole, stop))
    assert not is_installed(models, "whole")


# --- out again --------------------------------------------------------------------------------------------------------


def test_removing_says_how_much_is_free_again(installer: Installer, models: Models) -> None:
    install(installer)
    size = sum(file.stat().st_size for file in (models.folder / "tiny").iterdir())
    assert installer.remove("tiny") == size
    assert not is_installed(models)
    with pytest.raises(errors.ModelMissing):
        installer.remove("tiny")


def test_what_was_begun_can_be_thrown_away(installer: Installer, hub: HubServer, models: Models) -> None:
    hub.faults["/model.bin"] = 9 * [status(500)]
    failure(installer)
    assert installer.remove("tiny") == sum(
        len(content) for name, content in hub.repositories[TINY].items() if name not in ("model.bin", "README.md")
    )
    assert installer.fetched() == {}


def test_a_model_in_use_is_kept(installer: Installer, models: Models) -> None:
    install(installer)
    held = holding.hold(models.folder / "tiny")
    assert held
    with pytest.raises(errors.ModelInUse):
        installer.remove("tiny")
    assert is_installed(models)
    held.close()
    installer.remove("tiny")
    assert not is_installed(models)


@pytest.mark.parametrize("name", ["demo", "..", "", "a/b", STAGING])
def test_nothing_else_is_removed(installer: Installer, models: Models, name: str) -> None:
    with pytest.raises(AppError):
        installer.remove(name)
    assert DEMO_MODEL.is_dir()


def test_verify_finds_a_byte_that_has_changed(installer: Installer, models: Models) -> None:
    install(installer)
    list(installer.verify(models.find("tiny"), threading.Event()))
    weights = models.folder / "tiny" / "model.bin"
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(errors.ModelBroken, match=r"model\.bin is damaged"):
        list(installer.verify(models.find("tiny"), threading.Event()))
    weights.write_bytes(content[:-1])
    assert "model.bin" in str(models.broken()["tiny"])


# --- shared caches ----------------------------------------------------------------------------------------------------


def test_a_model_in_the_cache_of_hugging_face_is_used_where_it_lies(
    paths: object, tmp_path: Path, models: Models, monkeypatch: pytest.MonkeyPatch, whole: Path
) -> None:
    cache = tmp_path / "hub"
    cached = cache / "models--Systran--faster-whisper-small"
    snapshot = cached / "snapshots" / COMMIT
    shutil.copytree(whole, snapshot)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(COMMIT)
    half = cache / "models--Systran--faster-whisper-base" / "snapshots" / COMMIT
    half.mkdir(parents=True)
    (half / "model.bin").symlink_to(tmp_path / "nothing")
    monkeypatch.setenv("HF_HUB_CACHE", str(cache))
    found = Models(models.folder, DEMO_MODEL)
    assert [model.name for model in found.installed()] == ["small", "demo"]
    assert found.find("small").path == snapshot
    assert found.resolve("small") == "small"
    assert install(Installer(found, lambda: Hub(offline=True)), "small") == [Installed("small")]
    list(Installer(found, Hub).verify(found.find("small"), threading.Event()))
    with pytest.raises(errors.ModelKept):
        Installer(found, Hub).remove("small")
