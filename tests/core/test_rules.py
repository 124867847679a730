"""Rules: the styles that are offered, and files of the user's own."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import RuleImpossible, RuleMissing, RulesUnreadable
from desktop.core.frames import FRAME_RATES
from desktop.core.rules import DEFAULT, PRESETS, Rules, read_rules, write_rules


def _values(name: str) -> st.SearchStrategy[object]:
    one = next(one for one in fields(Rules) if one.name == name)
    about = one.metadata["about"]
    match one.default:
        case bool():
            return st.booleans()
        case str():
            return st.sampled_from(["", "-", "- ", "– ", '"'])
        case int():
            return st.integers(about.minimum, about.maximum)
        case _ if about.choices:
            return st.sampled_from(about.choices)
        case _:
            return st.integers(about.minimum, about.maximum).map(float) | st.just(12.5)


any_rules = (
    st.fixed_dictionaries({one.name: _values(one.name) for one in fields(Rules)})
    .map(lambda values: Rules(**values))  # type: ignore[arg-type]
    .filter(lambda rules: rules.shortest_ms <= rules.longest_ms)
)


@given(any_rules)
def test_what_was_written_is_read_again(rules: Rules) -> None:
    assert read_rules(write_rules(rules), "mine.toml") == rules


def test_a_file_says_what_each_rule_means() -> None:
    assert write_rules(DEFAULT).splitlines()[:2] == [
        "line_characters = 42  # Most characters in a line",
        "lines = 2  # Most lines in a cue",
    ]


def test_a_file_may_set_a_few_rules_and_start_from_a_preset() -> None:
    assert read_rules("", "mine.toml") == DEFAULT
    assert read_rules('preset = "bbc"\nlines = 3', "mine.toml") == replace(PRESETS["bbc"].rules, lines=3)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_names_its_source_and_can_be_a_file(name: str) -> None:
    preset = PRESETS[name]
    assert preset.name == name
    assert preset.label
    assert preset.source
    assert read_rules(write_rules(preset.rules), "file") == preset.rules


def test_the_figures_of_the_style_guides() -> None:
    netflix = PRESETS["netflix"].rules
    assert (netflix.line_characters, netflix.lines, netflix.characters_per_second) == (42, 2, 20.0)
    assert (netflix.shortest_ms, netflix.longest_ms, netflix.gap_frames) == (833, 7_000, 2)
    chinese = PRESETS["netflix-zh"].rules
    assert (chinese.line_characters, chinese.characters_per_second, chinese.full_width) == (16, 9.0, True)


@pytest.mark.parametrize(("rate", "gap_ms"), [(0.0, 84), (23.976, 83), (24.0, 83), (25.0, 80), (29.97, 66), (30.0, 66)])
def test_a_gap_of_frames_is_as_long_as_they_are(rate: float, gap_ms: int) -> None:
    assert replace(PRESETS["netflix"].rules, frame_rate=rate).least_gap_ms == gap_ms


@pytest.mark.parametrize(
    ("text", "headline", "advice"),
    [
        ("shortest_ms = 833.5", "“mine.toml”: 833.5 is not possible for shortest_ms.", "Possible: 100 – 10000."),
        ("lines = 0", "“mine.toml”: 0 is not possible for lines.", "Possible: 1 – 4."),
        ("lines = true", "“mine.toml”: true is not possible for lines.", "Possible: 1 – 4."),
        ("full_width = 1", "“mine.toml”: 1 is not possible for full_width.", "Possible: true, false."),
        (
            "frame_rate = 24.5",
            "“mine.toml”: 24.5 is not possible for frame_rate.",
            f"Possible: {', '.join(f'{rate:g}' for rate in (0, *FRAME_RATES))}.",
        ),
        ('dash = "long"', '“mine.toml”: "long" is not possible for dash.', 'Possible: "", "-", "- ".'),
        ('preset = "ibm"', '“mine.toml”: "ibm" is not possible for preset.', f"Possible: {', '.join(PRESETS)}."),
        ("preset = []", "“mine.toml”: [] is not possible for preset.", f"Possible: {', '.join(PRESETS)}."),
        ("longest_ms = 700", "“mine.toml”: 700 is not possible for longest_ms.", "Possible: 833 – 60000."),
    ],
)
def test_a_value_that_cannot_be_is_named_with_what_can(text: str, headline: str, advice: str) -> None:
    with pytest.raises(RuleImpossible) as caught:
        read_rules(text, "/home/anna/mine.toml")
    assert (caught.value.said_headline, caught.value.said_advice) == (headline, advice)


def test_a_key_that_is_none_is_named_with_those_that_are() -> None:
    with pytest.raises(RuleMissing) as caught:
        read_rules("max_cps = 20", "mine.toml")
    assert caught.value.said_headline == "“mine.toml”: there is no rule “max_cps”."
    assert "characters_per_second" in caught.value.said_advice


def test_what_is_no_toml_says_where() -> None:
    with pytest.raises(RulesUnreadable) as caught:
        read_rules("lines: 2", "mine.toml")
    assert "line 1" in caught.value.said_headline
