"""Cases and runs for the tests of tables and pictures: nothing was measured."""

from desktop.benchmark.rounds import Case, Outcome, Run
from desktop.benchmark.task import Figures, Task


def case(name: str, contestant: str = "", group: str = "10 min", audio_s: float = 600.0, row: str = "modes") -> Case:
    """One line of a table."""
    return Case(row, group, name, Task(contestant or name, "model", ("talk.flac",)), audio_s)


def outcome(*given: tuple[Case, list[Figures]]) -> Outcome:
    """Cases with the figures of their rounds, in turn as they are measured."""
    rounds = max(len(figures) for _case, figures in given)
    runs = [Run(one, number, figures[number]) for number in range(rounds) for one, figures in given]
    return Outcome(tuple(runs))


def walls(*seconds: float) -> list[Figures]:
    """Rounds that differ in their wall time."""
    return [Figures(wall_s=value, windows=20, tokens=840, minor_faults=100) for value in seconds]
