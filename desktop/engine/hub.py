"""Hugging Face's hub or a mirror of it: what belongs to a model, and the bytes of one file from any place on.

Nothing here is asked before somebody wants a model, and nothing at all when the user stays offline.
"""

from __future__ import annotations

import os
import queue
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import ModuleType
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from desktop import __version__
from desktop.core import errors
from desktop.core.errors import AppError
from desktop.core.i18n import _
from desktop.core.ports import StopFlag, Stopped

if TYPE_CHECKING:
    import httpx2
    from huggingface_hub import HfApi

T = TypeVar("T")

LOOK_EVERY_S = 0.1
TOO_MANY = 429
NOT_SATISFIABLE = 416
PARTIAL = 206
TRY_LATER = 408
OWN_FAILURES = 500
NOT_KNOWN = (401, 403)
MISSING = 404
NETWORK_READS = "network_stream"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited for what."""

    connect_s: float = 10.0
    silence_s: float = 30.0
    """A connection that has brought nothing for so long is given up."""
    tries: int = 6
    """So many in a row may bring nothing."""
    first_pause_s: float = 1.0
    """Twice as long after each."""
    longest_pause_s: float = 60.0
    """Whoever wants a longer one is not waited for."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of the hub, with what proves that it arrived whole: SHA-256, or for small ones the SHA-1 of git."""

    name: str
    size: int
    sha256: str = ""
    git_sha1: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """All files of a repository at one commit, which is never changed."""

    repository: str
    commit: str
    files: tuple[RemoteFile, ...]


class PassingTrouble(Exception):
    """What may be over in a moment. `wait_s` is what the hub asks for, else 0."""

    def __init__(self, error: AppError, wait_s: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait_s = wait_s


class Startover(Exception):
    """What lies on the disk is no beginning of the file: it has to be fetched from its first byte."""


class Hub:
    """One hub. `mirror` is its address, empty for that of HF_ENDPOINT or of Hugging Face."""

    def __init__(self, mirror: str = "", offline: bool = False, patience: Patience | None = None) -> None:
        self._mirror = mirror.strip().rstrip("/")
        self._offline = offline
        self.patience = patience or Patience()
        self._client: httpx2.Client | None = None

    def close(self) -> None:
        """Let go of the connections."""
        if self._client:
            self._client.close()
            self._client = None

    @property
    def address(self) -> str:
        """Where requests go."""
        address = self._mirror or os.environ.get("HF_ENDPOINT", "").strip().rstrip("/") or _hugging_face().ENDPOINT
        return str(address if "://" in address else f"https://{address}")

    @property
    def host(self) -> str:
        """The name of it, for people."""
        return urlsplit(self.address).netloc

    def contents(self, repository: str, stop: StopFlag) -> Contents:
        """What belongs to a model, as it is now. Raises AppError, PassingTrouble or Stopped."""
        self.check_online(repository)
        found = next(self._beside(lambda: iter([self._contents(repository)]), stop), None)
        if found is None:
            raise Stopped
        return found

    def content(self, contents: Contents, file: RemoteFile, at: int, stop: StopFlag) -> Iterator[bytes]:
        """The bytes of a file from `at` on, which are all that is asked for. It ends early when `stop` is set.

        Raises AppError, PassingTrouble, or Startover where there is nothing to be continued.
        """
        self.check_online(contents.repository)
        line = _Line()
        return self._beside(lambda: self._content(contents, file, at, line), stop, line.cut)

    def check_online(self, model: str) -> None:
        """Raises StaysOffline when nothing may be asked."""
        if self._offline or _hugging_face().is_offline_mode():
            raise errors.StaysOffline(model=model)

    # --- the requests ---

    def _contents(self, repository: str) -> Contents:
        import httpx2
        from huggingface_hub import close_session
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError

        try:
            about = self._api().model_info(
                repository, files_metadata=True, timeout=self.patience.silence_s, token=self._token()
            )
        except HfHubHTTPError as error:
            raise self._trouble_of(error.response, repository) from error
        except HFValidationError as error:
            raise errors.ModelUnknown(host=self.host, model=repository) from error
        except (httpx2.HTTPError, OSError) as error:
            raise PassingTrouble(self._unreachable(error)) from error
        except (ValueError, TypeError, KeyError) as error:  # a portal of a hotel, say
            raise PassingTrouble(self._no_answer()) from error
        finally:
            close_session()
        files = tuple(
            RemoteFile(
                one.rfilename, one.size or 0, one.lfs.sha256 if one.lfs else "", "" if one.lfs else one.blob_id or ""
            )
            for one in about.siblings or ()
        )
        if not about.sha or not all(file.sha256 or file.git_sha1 for file in files):
            raise self._no_answer()
        return Contents(repository, about.sha, files)

    def _content(self, contents: Contents, file: RemoteFile, at: int, line: _Line) -> Iterator[bytes]:
        import httpx2
        from huggingface_hub import hf_hub_url

        url = hf_hub_url(contents.repository, file.name, revision=contents.commit, endpoint=self.address)
        headers = {"accept-encoding": "identity", "user-agent": f"undertone/{__version__}"}
        if at:
            headers["range"] = f"bytes={at}-"
        if token := self._token():
            headers["authorization"] = f"Bearer {token}"
        try:
            with self._connected().stream("GET", url, headers=headers) as response:
                line.hold(response.extensions.get(NETWORK_READS))
                self._check(response, contents.repository, file, at)
                yield from response.iter_raw()  # as it comes: a chunk of a given size would be lost with the connection
        except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
            raise PassingTrouble(self._unreachable(error)) from error
        except httpx2.InvalidURL as error:
            raise self._no_answer() from error

    def _connected(self) -> httpx2.Client:
        """It goes through the proxy of the environment, and trusts what the operating system trusts."""
        import httpx2

        if self._client is None:
            timeout = httpx2.Timeout(self.patience.silence_s, connect=self.patience.connect_s)
            self._client = httpx2.Client(follow_redirects=True, timeout=timeout)
        return self._client

    def _check(self, response: httpx2.Response, repository: str, file: RemoteFile, at: int) -> None:
        if response.status_code == NOT_SATISFIABLE:
            raise Startover
        if response.is_error:
            raise self._trouble_of(response, repository)
        if at and response.status_code != PARTIAL:
            raise Startover
        if at and not response.headers.get("content-range", "").replace(" ", "").startswith(f"bytes{at}-"):
            raise Startover
        left = response.headers.get("content-length", "")
        if left.isdecimal() and int(left) != file.size - at:
            raise errors.ModelDamaged(file=file.name, model=repository, host=self.host)

    # --- what went wrong ---

    def _trouble_of(self, response: httpx2.Response, repository: str) -> Exception:
        status = response.status_code
        if status in NOT_KNOWN and response.headers.get("x-error-code") != "RepoNotFound":
            return errors.ModelForbidden(host=self.host, model=repository)
        if status in (MISSING, *NOT_KNOWN):
            return errors.ModelUnknown(host=self.host, model=repository)
        if status == TOO_MANY:
            wait_s = _seconds(response.headers.get("retry-after", ""))
            return PassingTrouble(errors.HubBusy(host=self.host, wait=_said_wait(wait_s)), wait_s)
        failed = errors.HubFailed(host=self.host, reason=_("status {status}").format(status=status))
        if status == TRY_LATER or status >= OWN_FAILURES:
            return PassingTrouble(failed, _seconds(response.headers.get("retry-after", "")))
        return failed

    def _unreachable(self, error: Exception) -> AppError:
        import httpx2

        if isinstance(error, httpx2.TimeoutException):
            reason = _("it does not answer")
        elif isinstance(error, httpx2.ProxyError):
            reason = _("the proxy refuses")
        elif "CERTIFICATE" in str(error).upper():
            reason = _("its certificate is not trusted by this system")
        elif isinstance(error, httpx2.ConnectError):
            reason = _("no connection")
        else:
            reason = _("the connection broke off")
        return errors.HubUnreachable(host=self.host, reason=reason)

    def _no_answer(self) -> AppError:
        return errors.HubFailed(host=self.host, reason=_("what it said is no answer of a hub"))

    # --- the library ---

    def _api(self) -> HfApi:
        from huggingface_hub import HfApi

        return HfApi(endpoint=self.address, library_name="undertone", library_version=__version__)

    def _token(self) -> str | bool:
        """The user's own token goes to Hugging Face alone, never to a mirror."""
        from huggingface_hub import get_token

        is_mirror = self._mirror or os.environ.get("HF_ENDPOINT")
        return False if is_mirror else get_token() or False

    def _beside(
        self, work: Callable[[], Iterator[T]], stop: StopFlag, cut: Callable[[], None] = lambda: None
    ) -> Iterator[T]:
        """What `work` yields on a thread of its own: it is left at once, even while it waits for the network."""
        news: queue.Queue[tuple[T | None, Exception | None]] = queue.Queue(8)
        left = threading.Event()
        threading.Thread(target=_run, args=(work, news, left), name="fetching", daemon=True).start()
        try:
            while not stop.is_set():
                with suppress(queue.Empty):
                    value, error = news.get(timeout=LOOK_EVERY_S)
                    if error:
                        raise error
                    if value is None:
                        return
                    yield value
        finally:
            left.set()
            cut()


class _Line:
    """The connection over which a file comes; cutting it ends the wait for it."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None

    def hold(self, stream: object) -> None:
        """The connection is there."""
        ask = getattr(stream, "get_extra_info", None)
        self._socket = ask("socket") if ask else None

    def cut(self) -> None:
        """Nothing more is wanted of it."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _run(
    work: Callable[[], Iterator[T]],
    news: queue.Queue[tuple[T | None, Exception | None]],
    left: threading.Event,
) -> None:
    ended: Exception | None = None
    try:
        for value in work():
            _put(news, (value, None), left)
            if left.is_set():
                break
    except (AppError, PassingTrouble, Startover) as error:
        ended = error
    finally:  # a bug is reported as of any thread; whoever waits sees that nothing more comes
        _put(news, (None, ended), left)


def _put(
    news: queue.Queue[tuple[T | None, Exception | None]],
    one: tuple[T | None, Exception | None],
    left: threading.Event,
) -> None:
    while not left.is_set():
        with suppress(queue.Full):
            news.put(one, timeout=LOOK_EVERY_S)
            return


def _hugging_face() -> ModuleType:
    from huggingface_hub import constants

    # Without this the library asks the hub for a list of programs, and tells it which of them runs it.
    constants.HF_HUB_DISABLE_TELEMETRY = True
    return constants


def _seconds(retry_after: str) -> float:
    """Seconds or a date, as the header has them."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _said_wait(seconds: float) -> str:
    if not seconds:
        return _("a while")
    return _("{minutes} min").format(minutes=round(seconds / 60)) if seconds >= 90 else f"{seconds:.0f} s"
