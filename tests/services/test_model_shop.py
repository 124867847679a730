"""Models are installed one after the other; each ends with exactly one piece of news."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.catalogue import Installed, Progress, Stage
from desktop.core.errors import AppError, StaysOffline
from desktop.services.model_shop import ModelShop


class Installing:
    """What is installed here waits until it is let go."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.go = threading.Event()

    def __call__(self, wanted: str, stop: threading.Event) -> Iterator[Progress | Installed]:
        self.begun.append(wanted)
        yield Progress(wanted, Stage.FETCHING, 1, 2)
        while not self.go.wait(0.01):
            if stop.is_set():
                return
        if wanted == "broken":
            raise StaysOffline(model=wanted)
        yield Installed(f"{wanted}-here")


class Told:
    def __init__(self, shop: ModelShop) -> None:
        self.all: list[tuple[str, str]] = []
        shop.installed.connect(lambda name: self.all.append(("installed", name)))
        shop.failed.connect(lambda wanted, _error: self.all.append(("failed", wanted)))
        shop.left.connect(lambda wanted: self.all.append(("left", wanted)))


@pytest.fixture
def installing() -> Installing:
    return Installing()


@pytest.fixture
def shop(qapp: object, installing: Installing) -> Iterator[ModelShop]:
    one = ModelShop(installing)
    yield one
    one.close()


def test_one_comes_after_the_other_and_twice_is_once(qtbot: QtBot, shop: ModelShop, installing: Installing) -> None:
    told = Told(shop)
    with qtbot.waitSignal(shop.progressed):
        for wanted in ("small", "base", "small", "base"):
            shop.install(wanted)
    assert (shop.at_work, shop.waiting) == ("small", ("base",))
    installing.go.set()
    qtbot.waitUntil(lambda: not shop.at_work)
    assert told.all == [("installed", "small-here"), ("installed", "base-here")]
    assert installing.begun == ["small", "base"]


def test_a_failure_is_told_and_the_next_goes_on(qtbot: QtBot, shop: ModelShop, installing: Installing) -> None:
    told = Told(shop)
    installing.go.set()
    errors: list[AppError] = []
    shop.failed.connect(lambda _wanted, error: errors.append(error))
    shop.install("broken")
    shop.install("base")
    qtbot.waitUntil(lambda: not shop.at_work)
    assert told.all == [("failed", "broken"), ("installed", "base-here")]
    assert isinstance(errors[0], StaysOffline)


def test_what_is_at_work_and_what_waits_can_be_left(qtbot: QtBot, shop: ModelShop, installing: Installing) -> None:
    told = Told(shop)
    for wanted in ("small", "base", "tiny"):
        shop.install(wanted)
    shop.cancel("base")
    shop.cancel("small")
    shop.cancel("unknown")
    qtbot.waitUntil(lambda: shop.at_work == "tiny")
    assert told.all == [("left", "base"), ("left", "small")]
    installing.go.set()
    qtbot.waitUntil(lambda: not shop.at_work)
    assert told.all[-1] == ("installed", "tiny-here")


def test_closing_leaves_everything(shop: ModelShop, installing: Installing) -> None:
    shop.install("small")
    shop.install("base")
    shop.close()
    assert shop.waiting == ()
    assert installing.begun in (["small"], [])
