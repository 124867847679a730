"""Every setting is declared once, in words, with a default that its own limits allow."""

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import BadOption
from desktop.core.options import Options
from desktop.core.settings import PAGES, About, Settings, about_setting, about_settings, default_of

ALL = list(about_settings())
NAMES = [name for name, _about in ALL]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


def test_every_field_is_declared() -> None:
    assert [field.name for field in fields(Settings)] == NAMES


@pytest.mark.parametrize(("name", "about"), ALL, ids=NAMES)
def test_every_setting_has_a_label_a_help_and_a_page(name: str, about: About) -> None:
    assert about.label
    assert about.label[0].isupper()
    assert not about.label.endswith((".", ":"))
    assert about.help.endswith(".")
    assert about.page in PAGES


@pytest.mark.parametrize(("name", "about"), ALL, ids=NAMES)
def test_every_default_is_within_its_own_limits(name: str, about: About) -> None:
    assert about.accepts(default_of(name))
    assert getattr(Settings(), name) == default_of(name)
    assert Settings().with_value(name, default_of(name)) == Settings()


def test_every_page_has_settings_and_no_two_share_a_label() -> None:
    assert {about.page for _name, about in ALL} == set(PAGES)
    labels = [about.label for _name, about in ALL]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vad", 1),
        ("vad", None),
        ("language", "xx"),
        ("language", ["de"]),
        ("beam_size", 0),
        ("beam_size", 21),
        ("beam_size", True),
        ("beam_size", 5.0),
        ("temperatures", ()),
        ("temperatures", (0.0, 1.1)),
        ("temperatures", (float("nan"),)),
        ("temperatures", (0,)),
        ("temperatures", 0.0),
        ("export_formats", ("srt", "pdf")),
        ("export_formats", ({},)),
        ("export_formats", "srt"),
        ("export_folder", None),
        ("model", 3),
        ("mode", "slow"),
        ("mode", ["fast"]),
        ("languages", "three"),
        ("prompt", None),
        ("hotwords", ["Anna", "Otto"]),
        ("export_suspects", "no"),
    ],
)
def test_a_value_outside_the_limits_is_refused_in_words(name: str, value: object) -> None:
    with pytest.raises(BadOption) as refused:
        Settings().with_value(name, value)
    assert about_setting(name).label in str(refused.value)


@given(st.sampled_from(NAMES), json_values)
def test_no_value_breaks_the_limits(name: str, value: object) -> None:
    assert about_setting(name).accepts(value) in (True, False)


def test_a_new_job_starts_with_what_is_set() -> None:
    changed: dict[str, Any] = {"model": "small", "language": "de", "task": "translate", "beam_size": 2, "vad": False}
    changed |= {"temperatures": (0.5,), "device": "cpu", "compute_type": "float32"}
    changed |= {"mode": "precise", "languages": "per-window", "prompt": "A talk.", "hotwords": "Anna, Otto"}
    assert all(default_of(name) != value for name, value in changed.items())
    options = Settings(**changed).options()
    assert options == Options(**changed)
    shared = {field.name for field in fields(Options)} & set(NAMES)
    assert shared == set(changed)


def test_a_change_makes_a_new_value() -> None:
    before = Settings()
    after = before.with_value("beam_size", 1)
    assert (before.beam_size, after.beam_size) == (5, 1)
