"""Failures of the engine and of the machine under it: devices, memory, heat, and processes that end."""

from __future__ import annotations

from desktop.core.errors.app_error import AppError
from desktop.core.i18n import mark


class DeviceUnusable(AppError):
    """Every device and compute type that was asked for failed its self-test."""

    headline = mark("“{device}” with compute type “{compute_type}” does not work here: {reason}")
    advice = mark("Choose “auto” for both, or see “undertone doctor” for what works.")


class EngineOutOfMemory(AppError):
    """The system ended the engine, or it could not get memory."""

    headline = mark("There was not enough memory for the model.")
    advice = mark("What was heard is kept. Close other programs or choose a smaller model, then press Resume.")


class _CudaLibraryError(AppError):
    """What is wrong with cuBLAS; libraries of earlier versions hold such errors without the remedy."""

    def __init__(self, **facts: str | int) -> None:
        super().__init__(**{"remedy": "pip install 'undertone[cuda]'", **facts})


class CudaLibraryMissing(_CudaLibraryError):
    """cuBLAS is not there."""

    headline = mark("The graphics card cannot be used: the library {library} is missing.")
    advice = mark("Install it with {remedy}, or choose the device “cpu”.")


class CudaLibraryWrong(_CudaLibraryError):
    """cuBLAS is there in another major version."""

    headline = mark("The graphics card cannot be used: it needs {library}, and there is only {found}.")
    advice = mark("Both can lie side by side. Install it with {remedy}, or choose the device “cpu”.")


class CudaLibraryBroken(_CudaLibraryError):
    """cuBLAS is there and the system refuses to load it."""

    headline = mark("The graphics card cannot be used: {library} cannot be loaded ({reason}).")
    advice = mark("Install it anew with {remedy}, or choose the device “cpu”.")


class CudaFailed(AppError):
    """The driver or the card failed at run time."""

    headline = mark("The graphics card failed: {reason}")
    advice = mark("What was heard is kept. Update the driver or choose the device “cpu”, then press Resume.")


class DriverTooOld(AppError):
    """There is a card, and the engine's CUDA does not run on its driver."""

    headline = mark("The graphics card cannot be used: its driver {driver} is for CUDA {cuda}, and CUDA 12 is needed.")
    advice = mark("Install NVIDIA's driver 525 or newer, or choose the device “cpu”.")


class MemoryWasShort(AppError):
    """A note: not as many windows as wanted had room together."""

    headline = mark("“{name}”: memory was short, so {count} stretches at most were heard together.")
    advice = mark("Nothing is missing; it was only slower.")


class TuningImpossible(AppError):
    """There is no place for the sound that is measured with."""

    headline = mark("Nothing can be measured: {reason}.")
    advice = mark("Make some 60 MB of room in the folder for temporary files, then try again.")


class NothingTuned(AppError):
    """Each way to run a model failed while it was measured."""

    headline = mark("“{model}” could not be measured: {reason}")
    advice = mark("It runs as before. “undertone doctor” tells what this machine can do.")


class MemoryNearlyFull(AppError):
    """More than nine tenths of the memory are taken."""

    headline = mark("Memory is {percent} % full.")
    advice = mark("Fewer stretches are heard together until there is room again; text and queue are safe.")


class CardMemoryNearlyFull(AppError):
    """More than nine tenths of a graphics card's memory are taken, by other programs too."""

    headline = mark("The memory of {name} is {percent} % full.")
    advice = mark("Fewer stretches are heard together until there is room again; text and queue are safe.")


class TooHot(AppError):
    """Processor or card are as hot as they may become."""

    headline = mark("It is too hot: {name} has {degrees} °C.")
    advice = mark("The queue rests until it has cooled down, and then goes on by itself. Start goes on at once.")


class ManyFailed(AppError):
    """More than one job in twenty has failed."""

    headline = mark("Of {count} files {failed} failed.")
    advice = mark("Each says in its row why. The others go on.")


class AllFail(AppError):
    """One job after the other fails."""

    headline = mark("The last {count} files failed, one after the other.")
    advice = mark("The queue is paused. Their rows say why; Start goes on.")


class DriverCrashed(AppError):
    """The process died while it asked the driver which cards there are."""

    headline = mark("The graphics card cannot be used: its driver crashed when it was asked ({reason}).")
    advice = mark("Install the driver anew, or choose the device “cpu”.")


class SteppedDown(AppError):
    """A note: a way to compute failed in the middle of the work, and another one went on."""

    headline = mark("“{name}”: {left} failed at {at} ({reason}). {now} went on from there.")
    advice = mark("Nothing is missing; it was only slower.")


class ProcessorTooOld(AppError):
    """The engine used an instruction that this processor does not have."""

    headline = mark("This processor lacks instructions that the engine needs.")
    advice = mark("Choose the compute type “float32”; if that fails too, the machine is too old.")


class EngineKilled(AppError):
    """Something outside ended the engine twice."""

    headline = mark("The engine was ended from outside ({signal}).")
    advice = mark("What was heard is kept. If memory was short, choose a smaller model; then press Resume.")


class EngineCrashed(AppError):
    """A native crash that fits no known class."""

    headline = mark("The engine crashed ({reason}).")
    advice = mark("What was heard is kept. Press Resume to go on from there.")


class EngineSilent(AppError):
    """No sign of life for a long time."""

    headline = mark("The engine stopped answering.")
    advice = mark("What was heard is kept. Press Resume to go on from there.")
