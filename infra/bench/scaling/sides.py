"""The same work done in two ways in turn."""

import sys

import rounds


def wall(reading):
    """Units of work per second of wall time."""
    return reading["work"] / reading["wall"]


def processor(reading):
    """Units of work per second of processor time."""
    return reading["work"] / reading["cpu"]


class Sides:
    """Two ways and their readings; a reading holds "work" in some unit, "wall" and "cpu" seconds."""

    HEADER = ["benchmark, side", "per second", "+-", "CPU s a unit", "+-"]

    def __init__(self, name, ours, theirs, unit):
        self.name = name
        self.unit = unit
        self.ours = rounds.Series(ours)
        self.theirs = rounds.Series(theirs)

    def add(self, side, reading):
        side.add(reading)
        speed = f"{wall(reading):.4g} {self.unit}/s"
        print(f"{self.name}, {side.name}: {speed}", file=sys.stderr, flush=True)

    def ratios(self):
        return [
            rounds.ratio_line(
                self.name + suffix, self.ours.median(of), self.theirs.median(of), self.unit + per
            )
            for suffix, of, per in (("", wall, "/s"), ("-cpu", processor, "/cpu-s"))
        ]

    def rows(self):
        for side in (self.ours, self.theirs):
            yield [
                f"{self.name} ({self.unit}), {side.name}",
                f"{side.median(wall):.4g}",
                f"{side.spread(wall):.0%}",
                f"{1 / side.median(processor):.4g}",
                f"{side.spread(processor):.0%}",
            ]

    def json(self):
        return {
            "name": self.name,
            "sides": {s.name: s.readings for s in (self.ours, self.theirs)},
        }
