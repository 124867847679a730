"""Every failure that the user may read about: what happened, and what to do now."""

# ruff: noqa: F403 - the parts are one list of failures, and this page is its cover

from desktop.core.errors.app_error import AppError as AppError
from desktop.core.errors.app_error import Unforeseen as Unforeseen
from desktop.core.errors.dictation import *
from desktop.core.errors.engine import *
from desktop.core.errors.files import *
from desktop.core.errors.library import *
from desktop.core.errors.models import *
from desktop.core.errors.output import *
from desktop.core.errors.recording import *
from desktop.core.errors.text import *
