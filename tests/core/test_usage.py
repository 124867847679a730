"""When there is too much of something, and until when."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.errors import CardMemoryNearlyFull, MemoryNearlyFull, TooHot
from desktop.core.usage import CardUsage, Limits, Strain, Usage


def usage(used: int = 50, celsius: float = 40, card: int = 50, card_celsius: float = 40) -> Usage:
    cards = (CardUsage("cuda", "RTX", 0.5, card, 100, card_celsius, 90),)
    return Usage(0, 0.5, used, 100, 10, celsius, 98, cards)


def passed(*samples: Usage) -> list[set[Strain]]:
    limits = Limits()
    found = []
    for sample in samples:
        limits.take(sample)
        found.append(set(limits.passed))
    return found


def test_one_sample_alone_is_no_reason() -> None:
    assert passed(usage(95), usage(50), usage(95), usage(50)) == [set()] * 4


def test_memory_is_short_until_there_is_clearly_room() -> None:
    found = passed(*[usage(used) for used in (90, 91, 88, 86, 84)])
    assert found == [set(), {Strain.MEMORY}, {Strain.MEMORY}, {Strain.MEMORY}, set()]


def test_heat_is_told_by_its_place_and_ends_well_below_the_limit() -> None:
    limits = Limits()
    assert limits.take(usage(card_celsius=91)) == {}
    ((strain, problem),) = limits.take(usage(card_celsius=92)).items()
    assert strain is Strain.HEAT
    assert isinstance(problem, TooHot)
    assert str(problem).startswith("It is too hot: RTX has 92 °C.")
    assert limits.take(usage(card_celsius=85)) == {}
    assert limits.passed == {Strain.HEAT}
    limits.take(usage(card_celsius=77))
    assert limits.passed == frozenset()


def test_each_strain_is_said_once() -> None:
    limits = Limits()
    told = [limits.take(usage(95, card=95)) for _ in range(4)]
    assert [len(one) for one in told] == [0, 2, 0, 0]
    assert {type(one) for one in told[1].values()} == {MemoryNearlyFull, CardMemoryNearlyFull}


def test_what_is_not_told_is_never_too_much() -> None:
    unknown = Usage(0, 0.5, 0, 0, cards=(CardUsage("cuda", "?"),))
    assert passed(unknown, unknown, unknown) == [set()] * 3


@given(st.lists(st.integers(0, 100), max_size=40))
def test_a_strain_begins_only_above_and_ends_only_below(shares: list[int]) -> None:
    limits = Limits()
    for share in shares:
        before = Strain.MEMORY in limits.passed
        limits.take(usage(share))
        after = Strain.MEMORY in limits.passed
        assert not (after and not before) or share >= 90
        assert not (before and not after) or share < 85
