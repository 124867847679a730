"""Failures of models: not there, not whole, not to be had, or not made for what was asked."""

from __future__ import annotations

from desktop.core.errors.app_error import AppError
from desktop.core.i18n import mark


class ModelMissing(AppError):
    """No model of this name, no folder at this path."""

    headline = mark("There is no model “{model}”.")
    advice = mark("Installed: {installed}. Choose one of these, or give the folder of a CTranslate2 Whisper model.")


class ModelBroken(AppError):
    """A folder that is not a whole model."""

    headline = mark("The model “{model}” cannot be used: {reason}.")
    advice = mark("Install it again, or choose another model.")


class ModelUnlike(AppError):
    """Something given as a model that is none that can be used."""

    headline = mark("“{name}” is no Whisper model for CTranslate2: {reason}.")
    advice = mark("Give a folder or zip with {needed}, or the name of such a model on Hugging Face.")


class ModelInUse(AppError):
    """A model that is loaded, or is being worked on by another process of ours."""

    headline = mark("The model “{model}” is in use.")
    advice = mark("Wait until the work with it has ended, then try again.")


class ModelKept(AppError):
    """A model that is not ours to remove."""

    headline = mark("The model “{model}” is not removed: {reason}.")
    advice = mark("Only models in {folder} are.")


class ModelBusy(AppError):
    """Two installations of one model at the same time."""

    headline = mark("The model “{model}” is being installed by another Undertone.")
    advice = mark("Wait for it, or stop it there.")


class ModelRoomMissing(AppError):
    """Not enough space for a model, found out before anything is fetched."""

    headline = mark("There is not enough space for the model “{model}”: it takes {needed}, and {free} are free.")
    advice = mark("Free some space on the disk of {folder}, then try again.")


class ModelUnwritable(AppError):
    """The folder of the models cannot be written to."""

    headline = mark("The model “{model}” cannot be written to {folder}: {reason}.")
    advice = mark("Check the permissions of the folder, then try again.")


class ModelUnknown(AppError):
    """The hub has nothing of this name, or does not say so."""

    headline = mark("The hub {host} has no model “{model}”.")
    advice = mark("Check how it is written (owner/name). A private one can be had after “hf auth login”.")


class ModelForbidden(AppError):
    """The hub wants to know who asks."""

    headline = mark("The hub {host} gives out “{model}” only to those whom it knows.")
    advice = mark("Accept its terms on its page, then log in with “hf auth login”.")


class ModelDamaged(AppError):
    """What came is not what the hub said would come."""

    headline = mark("“{file}” of the model “{model}” arrived damaged; it was thrown away.")
    advice = mark("Try again. If it happens again, a proxy or a mirror between here and {host} changes it.")


class HubUnreachable(AppError):
    """No connection, or one that died again and again."""

    headline = mark("The hub {host} cannot be reached: {reason}.")
    advice = mark("Check the connection and the proxy. What was fetched is kept: the next try goes on from there.")


class HubBusy(AppError):
    """Too many requests, for longer than anybody would wait."""

    headline = mark("The hub {host} wants no more requests for {wait}.")
    advice = mark("Try again then. What was fetched is kept.")


class HubFailed(AppError):
    """The hub answers with a failure of its own, or with something that is no answer."""

    headline = mark("The hub {host} has a problem of its own: {reason}.")
    advice = mark("Try again later. What was fetched is kept.")


class StaysOffline(AppError):
    """Something of the internet was wanted, and the user has said that there is none."""

    headline = mark("“{model}” would have to be fetched, and Undertone is set to stay offline.")
    advice = mark("Allow it in the settings under Models (or unset HF_HUB_OFFLINE), or add a folder or a zip.")


class ConverterMissing(AppError):
    """A checkpoint of Transformers, without what converts it."""

    headline = mark("“{name}” is a checkpoint of Transformers, which has to be converted first.")
    advice = mark(
        'Install the converter (about 1 GB): pip install "undertone[convert]". Or take a model that is ready.'
    )


class ConversionFailed(AppError):
    """CTranslate2's converter gave up."""

    headline = mark("“{name}” could not be converted: {reason}.")
    advice = mark("Is it a Whisper model? Only those can be converted.")


class CannotTranslate(AppError):
    """Models trained for one language, and those trained without the translation task."""

    headline = mark("The model “{model}” cannot translate.")
    advice = mark("Models that can: {alternatives}. Choose one of these, or transcribe without translation.")

    def __init__(self, **facts: str | int) -> None:
        # Libraries of earlier versions hold this error without the alternatives.
        super().__init__(**{"alternatives": "small, medium, large-v3", **facts})


class LanguageUnknown(AppError):
    """A language that the model was not trained on."""

    headline = mark("The model “{model}” does not know the language “{language}”.")
    advice = mark("It knows: {languages}.")
