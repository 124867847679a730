"""The history of dictations in the library."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.core.dictated import Entry, Outcome
from desktop.store.library import Library

ENTRIES = st.builds(
    Entry,
    spoken_ms=st.integers(0, 2**50),
    duration_ms=st.integers(0, 2**31),
    text=st.text(st.characters(exclude_categories=["Cs"])),
    heard=st.text(st.characters(exclude_categories=["Cs"])),
    language=st.sampled_from(["", "en", "de"]),
    model=st.just("base"),
    program=st.just("firefox"),
    outcome=st.sampled_from(Outcome),
    sound=st.sampled_from([None, Path("/tmp/1.mka"), Path("/tmp/\udcff.mka")]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ENTRIES, ENTRIES)
def test_an_entry_is_what_was_kept(library: Library, first: Entry, changed: Entry) -> None:
    kept = library.keep_entry(first)
    assert kept.id
    assert library.entry(kept.id) == kept
    after = library.keep_entry(Entry(**{name: getattr(changed, name) for name in changed.__slots__} | {"id": kept.id}))
    assert library.entry(kept.id) == after
    library.forget_entries([kept.id])
    assert library.entry(kept.id) is None


def test_the_newest_come_first(library: Library) -> None:
    ids = [library.keep_entry(Entry(spoken_ms=at)).id for at in (20, 30, 10, 30)]
    assert [one.id for one in library.entries()] == [ids[3], ids[1], ids[0], ids[2]]
    library.forget_entries(ids[:2])
    assert [one.id for one in library.entries()] == [ids[3], ids[2]]
