"""The allocator of the engine process; glibc itself is asked in the benchmark, which counts page faults."""

from desktop.engine import allocation


class FakeLibc:
    def __init__(self, result: int = 1) -> None:
        self.said: list[tuple[int, int]] = []
        self.trimmed = 0
        self._result = result

    def mallopt(self, parameter: int, value: int) -> int:
        self.said.append((parameter, value))
        return self._result

    def malloc_trim(self, kept: int) -> int:
        self.trimmed += 1
        return 1


def test_large_blocks_are_kept_in_one_arena() -> None:
    libc = FakeLibc()
    assert allocation.tune(libc)
    assert libc.said == [(-4, 0), (-1, 2**31 - 1), (-8, 1)]


def test_an_allocator_that_refuses_is_told() -> None:
    assert not allocation.tune(FakeLibc(result=0))


def test_memory_is_given_back() -> None:
    libc = FakeLibc()
    allocation.give_back(libc)
    assert libc.trimmed == 1


def test_the_c_library_of_this_machine_is_found_or_left_alone() -> None:
    allocation.give_back()
