"""cuBLAS: found, told of, and loaded before CTranslate2 looks for it.

CTranslate2 opens cuBLAS by its name when it multiplies for the first time: deep in the work, and only where the
system's loader looks. A library that is loaded already is found under its name wherever it came from, so no
environment variable is needed. It needs nothing else of CUDA: the runtime is linked into it, cuDNN is not used.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from desktop.core import errors
from desktop.core.i18n import _
from desktop.core.machine import Cublas, Library

MAJOR = 12
EXTRA = "pip install 'undertone[cuda]'"
# In the order in which they are loaded: cuBLAS itself needs cuBLASLt.
POSIX_NAMES = (f"libcublasLt.so.{MAJOR}", f"libcublas.so.{MAJOR}")
WINDOWS_NAMES = (f"cublasLt64_{MAJOR}.dll", f"cublas64_{MAJOR}.dll")
# Newer versions of cuBLASLt compile kernels with it where they find it.
COMPILERS = (f"libnvrtc.so.{MAJOR}", f"nvrtc64_{MAJOR}0_0.dll")
_OF_ANY_MAJOR = re.compile(r"(?:lib)?cublas(?:Lt)?(?:\.so\.|64_)(\d+)(?:\.dll)?")
_MAJOR_VERSION, _MINOR_VERSION, _PATCH_LEVEL = range(3)
DRIVERS = {"win32": "nvcuda.dll"}
DRIVER = "libcuda.so.1"
HIDDEN = {"CUDA_VISIBLE_DEVICES": "-1"}
"""The variables of a process that is to see no card."""

_kept: list[object] = []
"""What must not be let go while the process lives."""


def has_driver() -> bool:
    """Whether NVIDIA's driver is there and not hidden: without it no library is of use."""
    if HIDDEN.items() <= os.environ.items():
        return False
    try:
        ctypes.CDLL(DRIVERS.get(sys.platform, DRIVER))
    except OSError:
        return False
    return True


def find(folders: Iterable[Path] | None = None, names: Sequence[str] | None = None) -> Cublas:
    """Look into the folders, in their order, and take the first that has what is needed. Loads nothing."""
    names = names or (WINDOWS_NAMES if sys.platform == "win32" else POSIX_NAMES)
    present = list(places() if folders is None else folders)
    for folder in present:
        if all((folder / name).is_file() for name in names):
            files = [folder / name for name in names]
            return Cublas(tuple(Library(one.name, str(one)) for one in (*_compiler(present), *files)))
    missing = next((name for name in names if not any((one / name).is_file() for one in present)), names[-1])
    other = _of_other_major(present)
    return Cublas(tuple(Library(name) for name in names), other, _problem(missing, other).to_record())


def load(found: Cublas) -> Cublas:
    """Load what was found; the same with its version, or with the reason why it cannot be loaded."""
    if not found.libraries or found.problem:
        return found
    for library in found.libraries:
        try:
            _kept.append(_opened(library.path))
        except OSError as error:
            reason = str(error).removeprefix(f"{library.path}: ")[:200]
            broken = errors.CudaLibraryBroken(library=library.path, reason=reason, remedy=remedy())
            return Cublas(found.libraries, found.other, broken.to_record())
    version = _version(_kept[-1])
    told = tuple(replace(one, version="" if one.name in COMPILERS else version) for one in found.libraries)
    return Cublas(told, found.other)


def prepare() -> Cublas:
    """Find it, and load it if there is a driver that could use it: before CTranslate2 computes anything."""
    found = find()
    if not has_driver():
        return Cublas(found.libraries, found.other)
    if found.problem and _is_known_to_loader():
        return Cublas(tuple(Library(one.name, one.name, _version(_kept[-1])) for one in found.libraries))
    return load(found)


def places(environment: Mapping[str, str] = os.environ) -> Iterator[Path]:
    """Where cuBLAS may lie: wheels first, since those are the version that was tried, then what the user says."""
    is_windows = sys.platform == "win32"
    within = "bin" if is_windows else "lib"
    for entry in dict.fromkeys((*sys.path, sys.prefix)):
        yield from _there(Path(entry or ".") / "nvidia", f"*/{within}", f"*/{within}/x86_64")
    named = environment.get("PATH" if is_windows else "LD_LIBRARY_PATH", "").split(os.pathsep)
    yield from (Path(one) for one in named if one)
    if is_windows:
        if chosen := environment.get("CUDA_PATH"):
            yield from (Path(chosen) / "bin", Path(chosen) / "bin" / "x64")
        programs = environment.get("ProgramFiles", "C:/Program Files")
        yield from _there(Path(programs) / "NVIDIA GPU Computing Toolkit" / "CUDA", f"v{MAJOR}*/bin")
        yield Path(sys.prefix) / "Library" / "bin"
    else:
        yield Path(sys.prefix) / "lib"
        yield from _there(Path("/usr/local"), f"cuda-{MAJOR}*/lib64", "cuda/lib64", "cuda*/lib64")
        yield from _there(Path("/usr/local"), "cuda*/targets/*/lib", "nvidia/lib64")
        yield from _there(Path("/"), "opt/cuda/lib64", "usr/lib/*-linux-gnu", "usr/lib64", "usr/lib", "usr/lib/wsl/lib")


def remedy(os_release: Path = Path("/etc/os-release")) -> str:
    """The exact command that brings cuBLAS: pip, and the package of the system where it has one."""
    try:
        lines = os_release.read_text(encoding="utf-8").splitlines() if sys.platform != "win32" else []
    except OSError:
        lines = []
    about = {name: value.strip('"') for name, _equals, value in (line.partition("=") for line in lines)}
    if package := _package({about.get("ID", ""), *about.get("ID_LIKE", "").split()}, about.get("VERSION_ID", "")):
        return _("{pip}, or {package}").format(pip=EXTRA, package=package)
    return EXTRA


def _package(family: set[str], version: str) -> str:
    number = int(version.partition(".")[0]) if version.partition(".")[0].isdecimal() else 0
    if ("ubuntu" in family and number >= 24) or ("debian" in family and number == 13):
        return f"sudo apt install libcublas{MAJOR}"
    if family & {"fedora", "rhel", "centos"}:
        return _("{package} of NVIDIA's repository").format(package=f"libcublas-{MAJOR}-9")
    return ""


def _there(root: Path, *patterns: str) -> Iterator[Path]:
    for pattern in patterns:
        with contextlib.suppress(OSError):
            yield from sorted(root.glob(pattern), reverse=True)


def _compiler(folders: Iterable[Path]) -> list[Path]:
    return [path for folder in folders for name in COMPILERS if (path := folder / name).is_file()][:1]


def _of_other_major(folders: Iterable[Path]) -> str:
    for folder in folders:
        with contextlib.suppress(OSError):
            for path in sorted(folder.iterdir()):
                found = _OF_ANY_MAJOR.fullmatch(path.name)
                if found and int(found[1]) != MAJOR:
                    return str(path)
    return ""


def _problem(missing: str, other: str) -> errors.AppError:
    if other:
        return errors.CudaLibraryWrong(library=missing, found=other, remedy=remedy())
    return errors.CudaLibraryMissing(library=missing, remedy=remedy())


def _opened(path: str) -> ctypes.CDLL:
    if sys.platform == "win32":
        _kept.append(os.add_dll_directory(str(Path(path).parent)))
        return ctypes.CDLL(path)
    return ctypes.CDLL(path, mode=ctypes.RTLD_GLOBAL)


def _is_known_to_loader() -> bool:
    """Whether the system's own loader knows a place that is not among ours."""
    if sys.platform == "win32":
        return False
    try:
        _kept.extend(_opened(name) for name in POSIX_NAMES)
    except OSError:
        return False
    return True


def _version(library: object) -> str:
    """As the library tells it itself, which needs no card."""
    tell = getattr(library, "cublasGetProperty", None)
    if tell is None:
        return ""
    number = ctypes.c_int()
    parts = []
    for part in (_MAJOR_VERSION, _MINOR_VERSION, _PATCH_LEVEL):
        tell(part, ctypes.byref(number))
        parts.append(str(number.value))
    return ".".join(parts)
