"""`undertone models`, as a person or a program calls it."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tqdm import tqdm

from desktop import cli
from desktop.cli import DONE, INTERRUPTED, SOME_FAILED
from desktop.engine import converting
from desktop.store.paths import Paths
from tests.hub_server import HubServer, open_hub, small_model, status

TINY = "Systran/faster-whisper-tiny"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    with open_hub() as server:
        server.add(TINY, small_model(tmp_path / "whole"))
        monkeypatch.setenv("HF_ENDPOINT", server.address)
        monkeypatch.setattr(tqdm, "monitor_interval", 0)  # its thread would outlive the test
        yield server


def call(*words: str) -> int:
    return cli.run(cli.parse(["models", *words]))


def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    capsys.readouterr()
    assert call("list", "--json") == DONE
    return {one["name"]: one for one in json.loads(capsys.readouterr().out)}


def test_install_verify_and_remove(hub: HubServer, paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    assert listed(capsys)["tiny"]["standing"] == "offered"
    assert hub.asked == []
    assert call("install", "tiny", "--quiet") == DONE
    assert "tiny is installed." in capsys.readouterr().out
    about = listed(capsys)["tiny"]
    assert (about["standing"], about["path"]) == ("installed", str(paths.models / "tiny"))
    assert call("verify", "tiny") == DONE
    assert "tiny is whole." in capsys.readouterr().out
    assert call("path", "tiny") == DONE
    assert capsys.readouterr().out == f"{paths.models / 'tiny'}\n"
    assert call("remove", "tiny") == DONE
    assert "are free again" in capsys.readouterr().out
    assert call("remove", "tiny") == SOME_FAILED
    assert "There is no model “tiny”" in capsys.readouterr().err


def test_list_for_people(hub: HubServer, paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    (small_model(paths.models / "base") / "config.json").unlink()
    small_model(paths.models / "small")
    assert call("list") == DONE
    out = capsys.readouterr().out
    assert "* small " in out
    assert "! base " in out
    assert "missing config.json" in out
    assert out.count("recommended: ") == 1
    assert call("path") == DONE
    assert capsys.readouterr().out == f"{paths.models}\n"


def test_one_that_fails_does_not_keep_the_others(hub: HubServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("install", "nobody/nothing", "tiny", "--quiet") == SOME_FAILED
    said = capsys.readouterr()
    assert "has no model “nobody/nothing”" in said.err
    assert "tiny is installed." in said.out
    assert "Traceback" not in said.err


def test_ctrl_c_keeps_what_came(
    hub: HubServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopped(threading.Event):
        def is_set(self) -> bool:
            return bool(hub.sent["model.bin"] > 50_000)

    monkeypatch.setattr("desktop.cli.models.threading.Event", Stopped)
    with monkeypatch.context() as quiet:
        quiet.setattr("desktop.engine.hub.threading.Event", threading.Event, raising=False)
        assert call("install", "tiny", "--quiet") == INTERRUPTED
    assert "goes on from there" in capsys.readouterr().err


def test_offline_in_the_settings_is_kept_to(hub: HubServer, paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    paths.settings_file.write_text('{"version": 1, "offline": true}')
    assert call("install", "tiny") == SOME_FAILED
    assert "stay offline" in capsys.readouterr().err
    assert hub.asked == []


def test_the_mirror_of_the_settings_is_asked(paths: Paths, hub: HubServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    paths.settings_file.write_text(json.dumps({"version": 1, "mirror": hub.address}))
    assert call("install", "tiny", "--quiet") == DONE


def test_a_left_installation_is_listed(hub: HubServer, capsys: pytest.CaptureFixture[str]) -> None:
    hub.faults["/model.bin"] = [status(404)]
    assert call("install", "tiny", "--quiet") == SOME_FAILED
    fetched = listed(capsys)["tiny"]["fetched"]
    assert isinstance(fetched, int)
    assert fetched > 0
    assert call("list") == DONE
    assert "install goes on from there" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["install"], ["burn", "tiny"], ["install", ""]])
def test_wrong_usage_is_said(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call(*words)
    assert ended.value.code == cli.WRONG_USAGE
    assert "usage:" in capsys.readouterr().err


def test_the_kinds_of_weights_are_those_of_the_converter() -> None:
    assert cli.QUANTIZATIONS == converting.QUANTIZATIONS
