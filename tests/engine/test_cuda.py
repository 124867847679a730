"""Finding cuBLAS, saying what is missing, and loading it so that it is found under its name."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.core import errors
from desktop.engine import cards, cuda


def folder_with(path: Path, *names: str) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name in names:
        (path / name).touch()
    return path


def test_the_first_folder_that_has_both_is_taken_and_they_are_loaded_in_their_order(tmp_path: Path) -> None:
    half = folder_with(tmp_path / "half", "libcublas.so.12")
    whole = folder_with(tmp_path / "whole", "libcublas.so.12", "libcublasLt.so.12")
    found = cuda.find([half, tmp_path / "nowhere", whole, half])
    assert [one.path for one in found.libraries] == [str(whole / name) for name in cuda.POSIX_NAMES]
    assert found.error is None


def test_the_compiler_comes_along_where_it_is(tmp_path: Path) -> None:
    whole = folder_with(tmp_path / "cublas", *cuda.POSIX_NAMES)
    compiler = folder_with(tmp_path / "nvrtc", "libnvrtc.so.12")
    found = cuda.find([whole, compiler])
    assert [one.name for one in found.libraries] == ["libnvrtc.so.12", "libcublasLt.so.12", "libcublas.so.12"]


def test_what_is_missing_is_named_with_the_command_that_brings_it(tmp_path: Path) -> None:
    found = cuda.find([folder_with(tmp_path, "libcublasLt.so.12")])
    assert isinstance(found.error, errors.CudaLibraryMissing)
    assert "libcublas.so.12" in str(found.error)
    assert "pip install 'undertone[cuda]'" in str(found.error)


@pytest.mark.parametrize("name", ["libcublas.so.13", "libcublasLt.so.11", "cublas64_13.dll"])
def test_another_major_version_is_told_from_none(tmp_path: Path, name: str) -> None:
    found = cuda.find([tmp_path / "nowhere", folder_with(tmp_path / "here", name, "libcublas.so", "cublas.h")])
    assert isinstance(found.error, errors.CudaLibraryWrong)
    assert found.other == str(tmp_path / "here" / name)
    assert name in str(found.error)


def test_the_names_of_windows_are_looked_for_there(tmp_path: Path) -> None:
    folder_with(tmp_path, *cuda.WINDOWS_NAMES)
    assert cuda.find([tmp_path], cuda.WINDOWS_NAMES).error is None


def test_wheels_come_before_what_the_environment_and_the_system_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = folder_with(tmp_path / "site" / "nvidia" / "cublas" / "lib", *cuda.POSIX_NAMES)
    named = folder_with(tmp_path / "named", *cuda.POSIX_NAMES)
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "site")])
    places = list(cuda.places({"LD_LIBRARY_PATH": f"{named}::"}))
    assert places.index(wheel) < places.index(named) < len(places) - 1
    assert cuda.find(places).libraries[0].path == str(wheel / "libcublasLt.so.12")


def test_a_file_that_cannot_be_loaded_is_no_crash(tmp_path: Path) -> None:
    folder_with(tmp_path, *cuda.POSIX_NAMES)
    (tmp_path / "libcublasLt.so.12").write_bytes(b"not a library")
    found = cuda.load(cuda.find([tmp_path]))
    assert isinstance(found.error, errors.CudaLibraryBroken)
    assert str(tmp_path) in str(found.error)


def test_what_was_loaded_is_found_by_its_name_alone(tmp_path: Path) -> None:
    source = tmp_path / "cublas.c"
    source.write_text(
        "int cublasGetProperty(int what, int *value) { *value = what == 0 ? 12 : what == 1 ? 9 : 3; return 0; }\n"
    )
    for name in cuda.POSIX_NAMES:
        command = ["cc", "-shared", "-fPIC", f"-Wl,-soname,{name}", "-o", str(tmp_path / name), str(source)]
        subprocess.run(command, check=True)
    code = (
        "import ctypes, sys; from pathlib import Path; from desktop.engine import cuda\n"
        "try: ctypes.CDLL('libcublas.so.12'); print('known before')\n"
        "except OSError: pass\n"
        "found = cuda.load(cuda.find([Path(sys.argv[1])]))\n"
        "print([one.version for one in found.libraries], found.problem)\n"
        "ctypes.CDLL('libcublas.so.12')\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True)
    assert done.stdout == "['12.9.3', '12.9.3'] None\n"


@pytest.mark.parametrize(
    ("about", "package"),
    [
        ('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n', "sudo apt install libcublas12"),
        ('ID=ubuntu\nVERSION_ID="22.04"\n', ""),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"\n', ""),
        ('ID=debian\nVERSION_ID="13"\n', "sudo apt install libcublas12"),
        ('ID=debian\nVERSION_ID="12"\n', ""),
        ("ID=fedora\nVERSION_ID=42\n", "libcublas-12-9"),
        ("ID=arch\n", ""),
        ("rubbish", ""),
    ],
)
def test_the_package_of_the_system_is_named_where_it_has_one(tmp_path: Path, about: str, package: str) -> None:
    file = tmp_path / "os-release"
    file.write_text(about)
    told = cuda.remedy(file)
    assert told.startswith("pip install 'undertone[cuda]'")
    assert (package in told) if package else told == cuda.EXTRA


def test_a_hidden_card_is_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert not cuda.has_driver()
    assert cards.cards() == ()


class FakeDriver:
    """The driver's library with some cards."""

    def __init__(self, *named: tuple[str, int, tuple[int, int]], status: int = 0) -> None:
        self._cards = named
        self._status = status

    def cuInit(self, _flags: int) -> int:
        return self._status

    def cuDeviceGetCount(self, count: object) -> int:
        return self._set(count, len(self._cards))

    def cuDriverGetVersion(self, version: object) -> int:
        return self._set(version, 12080)

    def cuDeviceGet(self, device: object, index: int) -> int:
        return self._set(device, index)

    def cuDeviceGetName(self, text: ctypes.Array[ctypes.c_char], _size: int, device: ctypes.c_int) -> int:
        text.value = self._cards[device.value][0].encode()
        return 0

    def cuDeviceGetPCIBusId(self, text: ctypes.Array[ctypes.c_char], _size: int, device: ctypes.c_int) -> int:
        text.value = f"0000:0{device.value}:00.0".encode()
        return 0

    def cuDeviceTotalMem_v2(self, memory: object, device: ctypes.c_int) -> int:
        return self._set(memory, self._cards[device.value][1])

    def cuDeviceGetAttribute(self, value: object, attribute: int, device: ctypes.c_int) -> int:
        return self._set(value, self._cards[device.value][2][attribute - 75])

    @staticmethod
    def _set(reference: object, value: int) -> int:
        reference._obj.value = value  # type: ignore[attr-defined]
        return 0


def test_cards_are_told_with_what_the_driver_knows() -> None:
    first, second = cards.cards(FakeDriver(("RTX 4090", 24 << 30, (8, 9)), ("Tesla T4", 16 << 30, (7, 5))))
    assert (first.device, first.name, first.memory, first.capability, first.cuda) == (
        "cuda", "RTX 4090", 24 << 30, "8.9", "12.8",
    )  # fmt: skip
    assert (second.device, second.bus) == ("cuda:1", "0000:01:00.0")


def test_a_driver_that_refuses_has_no_cards() -> None:
    assert cards.cards(FakeDriver(("RTX 4090", 1, (8, 9)), status=999)) == ()
