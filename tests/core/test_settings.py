"""Every setting is declared once, in words, with a default that its own limits allow."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.chords import hotkey
from desktop.core.errors import BadOption
from desktop.core.insertion import Method
from desktop.core.options import Options
from desktop.core.replacements import Replacement
from desktop.core.settings import PAGES, About, Settings, about_setting, about_settings, days_kept, default_of

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
        ("dictation_shortcut", None),
        ("dictation_trigger", "shout"),
        ("dictation_pre_roll_ms", -1),
        ("dictation_words", [("a", "b")]),
        ("dictation_words", (("a",),)),
        ("dictation_words", (("a", "b", "c"),)),
        ("dictation_words", (("a", None),)),
        ("dictation_words", (("—", "dash"),)),
        ("dictation_words", (("", ""),)),
        ("dictation_methods", (("kate", "shout"),)),
        ("dictation_methods", (("", "paste"),)),
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


def test_recordings_have_the_language_of_files_or_one_of_their_own() -> None:
    assert Settings(language="de").record_options() == Settings(language="de").options()
    own = Settings(language="de", record_language="fr", beam_size=2)
    assert own.record_options() == replace(own.options(), language="fr")
    assert Settings(language="de", record_language="auto").record_options().language == "auto"


def test_a_dictation_is_recognised_at_once_in_its_own_language_and_with_its_own_model() -> None:
    usual = Settings(language="de", model="large-v3", task="translate", prompt="A talk.")
    options = usual.dictation_options()
    assert (options.language, options.model, options.task, options.beam_size, options.prompt) == (
        "de", "auto", "transcribe", 1, "",
    )  # fmt: skip
    own = Settings(language="de", dictation_language="fr", dictation_model="small").dictation_options()
    assert (own.language, own.model) == ("fr", "small")


def test_the_tables_of_dictation_are_what_the_rules_take() -> None:
    settings = Settings(
        dictation_words=(("under tone", "Undertone"), ("", "Zoë")),
        dictation_methods=(("kitty", "terminal"),),
        dictation_fillers=True,
    )
    assert settings.methods() == {"kitty": Method.TERMINAL}
    tidying = settings.tidying("en")
    assert tidying.replacements == (Replacement("under tone", "Undertone"), Replacement("", "Zoë"))
    assert (tidying.language, tidying.without_fillers, tidying.with_marks) == ("en", True, True)


def test_a_time_is_a_number_of_days() -> None:
    choices = about_setting("dictation_history").choices
    assert [days_kept(time) for time in choices] == [0, 1, 7, 30, None]


def test_the_keys_of_dictation_can_be_grabbed_and_differ() -> None:
    keys = [str(hotkey(Settings().dictation_shortcut)), str(hotkey(Settings().dictation_drop_shortcut))]
    assert keys == ["Ctrl+Alt+Space", "Ctrl+Alt+V"]
