"""Guards against players that obey text: put in and taken out again."""

from hypothesis import example, given

from desktop.core.formats.guards import field, guarded, unguarded, unguarded_name, voice
from tests.core.formats.hostile import texts


@given(texts)
def test_what_was_guarded_comes_back_as_it_was_typed(text: str) -> None:
    # Guards that somebody typed cannot be told from ours.
    typed = text.translate(str.maketrans({"\u2060": None, "｛": None, "｝": None}))
    assert unguarded(guarded(typed)) == typed


@given(texts)
def test_nothing_is_left_that_a_player_obeys(text: str) -> None:
    safe = guarded(text)
    assert not any(command in safe for command in ("{", "}", "-->", r"\N", r"\n", r"\h", "<b>", "</i>", "<v "))
    assert guarded(safe) == safe or "<" in safe


@example("Anna --")
@given(texts)
def test_a_name_comes_back_as_it_was_typed(name: str) -> None:
    typed = name.translate(str.maketrans(dict.fromkeys("＆＜＞｛｝＼，\u2060")))
    assert unguarded_name(voice(typed)) == unguarded_name(field(typed)) == typed
    assert not set("&<>{}\\") & set(voice(typed))
    assert "-->" not in f"<v {voice(typed)}>"
    assert "," not in field(typed)
