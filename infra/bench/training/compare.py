"""Compares Facet with PyTorch: training, inference and a whole distillation, in turn."""

import argparse
import os
import pathlib
import sys
import tempfile

import numpy

import rounds

HERE = pathlib.Path(__file__).parent
# As Facet's: with spinning threads PyTorch loses two thirds of its speed when others use the machine.
PYTORCH_ENVIRONMENT = {"OMP_WAIT_POLICY": os.environ.get("OMP_WAIT_POLICY", "PASSIVE")}
LAYOUTS = ("contiguous", "channels-last")

MOBILEFACENET = {"kind": "mobilefacenet", "options": {"layout": "mbf"}}
CLASSIC = {"kind": "mobilefacenet", "options": {"layout": "classic"}}
VIT = {
    "kind": "vit",
    "options": {"dim": 192, "depth": 6, "heads": 6, "patch": 8, "pooling": "mean"},
}
TEACHER = {"kind": "vit", "options": {"dim": 512, "depth": 12, "heads": 8, "patch": 9}}

# Multiply-adds of one image in layers with weights, in 1e9: forward; training takes three times
# as many. The products inside attention (0.09 of the ViT) are not counted.
MOBILEFACENET_WORK, CLASSIC_WORK, VIT_WORK, TEACHER_WORK = 0.4375, 0.2212, 0.5275, 5.492

BENCHMARKS = {
    "mobilefacenet-train": ("train", MOBILEFACENET, 3 * MOBILEFACENET_WORK),
    "mobilefacenet-inference": ("inference", MOBILEFACENET, MOBILEFACENET_WORK),
    "mobilefacenet-classic-train": ("train", CLASSIC, 3 * CLASSIC_WORK),
    "vit-train": ("train", VIT, 3 * VIT_WORK),
    "vit-inference": ("inference", VIT, VIT_WORK),
    "feature-consistency-distillation": ("distil", MOBILEFACENET, 3 * MOBILEFACENET_WORK),
}


def wall(reading):
    """Images per second of wall time."""
    return reading["images"] / reading["wall"]


def processor(reading):
    """Images per second of processor time."""
    return reading["images"] / reading["cpu"]


def arguments(words):
    parser = argparse.ArgumentParser(
        prog="infra/bench/train",
        description=__doc__,
        epilog="benchmarks: " + ", ".join(BENCHMARKS),
    )
    parser.add_argument("--rounds", type=int, default=7, help="turns of each side (7)")
    parser.add_argument("--warm", type=int, default=3, help="steps before the measured ones (3)")
    parser.add_argument("--steps", type=int, default=6, help="measured steps of a turn (6)")
    parser.add_argument("--batch", type=int, default=64, help="images of a step (64)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of each side (all)")
    parser.add_argument("--epochs", type=int, default=10, help="of the distillation (10)")
    parser.add_argument("--images", type=int, default=64, help="of the distillation (64)")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, help="may be repeated")
    parser.add_argument("--layout", action="append", choices=LAYOUTS, help="of PyTorch (both)")
    parser.add_argument("--quick", action="store_true", help="2 rounds, 2 steps, batch 16")
    if "--quick" in words:
        parser.set_defaults(rounds=2, warm=1, steps=2, batch=16, images=16)
    parser.add_argument(
        "--json",
        type=pathlib.Path,
        default=pathlib.Path(".facet/bench/train.json"),
        help="where the figures go (.facet/bench/train.json)",
    )
    return parser.parse_args(words)


class Comparison:
    """One benchmark: the same requests to both sides, round after round."""

    def __init__(self, name, options, folder, facet):
        self.name = name
        self.task, network, self.gmac = BENCHMARKS[name]
        self.options = options
        self.folder = folder
        self.facet = facet
        self.layouts = options.layout or list(LAYOUTS)
        self.student = network | {"weights": str(folder / "student.safetensors")}
        self.teacher = TEACHER | {"weights": str(folder / "teacher.safetensors")}
        self.sides = {"facet": rounds.Series("facet")}
        for layout in self.layouts:
            self.sides[f"pytorch {layout}"] = rounds.Series(f"pytorch {layout}")
        self.limit = rounds.Series("matrix multiply")
        self.peaks = {}
        self.difference = None

    def request(self, layout=None):
        distil = self.task == "distil"
        return {
            "task": self.task,
            "student": self.student,
            "teacher": self.teacher,
            "crops": str(self.folder / ("few.bin" if distil else "crops.bin")),
            "classes": 10 if distil else 1000,
            "batch": self.options.batch,
            "warm": self.options.warm,
            "steps": self.options.steps * (2 if self.task == "inference" else 1),
            "epochs": self.options.epochs,
            "layout": layout or LAYOUTS[0],
        }

    def run(self):
        torch = [sys.executable, str(HERE / "torch_worker.py"), str(self.options.threads)]
        with open(self.folder / f"{self.name}.log", "w", encoding="utf-8") as log:
            self.initialise(log)
            with (
                rounds.Worker([*self.facet, str(self.options.threads)], log) as facet,
                rounds.Worker(torch, log, PYTORCH_ENVIRONMENT) as pytorch,
            ):
                self.prepare(facet, pytorch)
                for number in range(self.options.rounds):
                    self.round(number, facet, pytorch)
                self.peaks = {
                    "facet": facet.peak_megabytes(),
                    "pytorch": pytorch.peak_megabytes(),
                }

    def initialise(self, log):
        """Weights of both networks for both sides; a process of its own, so that peaks stay true."""
        with rounds.Worker([*self.facet, str(self.options.threads)], log) as facet:
            facet.ask(task="initialise", student=self.student)
            if self.task == "distil":
                facet.ask(task="initialise", student=self.teacher)

    def prepare(self, facet, pytorch):
        """Both sides must compute the same embeddings."""
        request = self.request() | {"task": "embed", "batch": 8}
        ours = numpy.ravel(facet.ask(**request)["embeddings"])
        theirs = numpy.ravel(pytorch.ask(**request)["embeddings"])
        self.difference = float(numpy.abs(ours - theirs).max() / numpy.abs(theirs).max())
        if not self.difference < 1e-4:
            raise RuntimeError(f"{self.name}: embeddings differ by {self.difference:.1e}")

    def round(self, number, facet, pytorch):
        self.limit.add(pytorch.ask(task="matmul", steps=20))
        self.sides["facet"].add(facet.ask(**self.request()))
        for layout in self.layouts:
            self.sides[f"pytorch {layout}"].add(pytorch.ask(**self.request(layout)))
        speeds = ", ".join(f"{s.name} {wall(s.readings[-1]):.1f}" for s in self.sides.values())
        print(f"{self.name} round {number + 1}: {speeds} img/s", file=sys.stderr, flush=True)

    def ratios(self):
        """Ours against the best layout of theirs, by wall time and by processor time."""
        lines = []
        for suffix, of in (("", wall), ("-cpu", processor)):
            ours = self.sides["facet"].median(of)
            theirs = max(s.median(of) for s in self.sides.values() if s.name != "facet")
            unit = "img/s" if of is wall else "img/cpu-s"
            lines.append(rounds.ratio_line(self.name + suffix, ours, theirs, unit))
        return lines

    def share(self, side, of):
        """Share of the matrix-multiply limit a side reaches."""
        gmac = self.gmac
        if self.task == "distil":
            views = 2 / self.options.epochs if side.name == "facet" else 1
            gmac += views * TEACHER_WORK
        clock = "wall" if of is wall else "cpu"
        return side.median(of) * gmac / self.limit.median(lambda r: r["gmac"] / r[clock])

    def rows(self):
        for side in self.sides.values():
            yield [
                f"{self.name}, {side.name}",
                f"{side.median(wall):.1f}",
                f"{side.spread(wall):.0%}",
                f"{1000 / side.median(processor):.1f}",
                f"{side.spread(processor):.0%}",
                *(f"{self.share(side, of):.0%}" for of in (wall, processor)),
                f"{side.median(lambda r: r['system'] / r['cpu']):.0%}",
                f"{side.median(lambda r: r['faults'] / r['images']):.0f}",
            ]

    def json(self):
        return {
            "name": self.name,
            "difference": self.difference,
            "peakMegabytes": self.peaks,
            "limit": self.limit.readings,
            "sides": {s.name: s.readings for s in self.sides.values()},
            "shares": {
                s.name: {"wall": self.share(s, wall), "cpu": self.share(s, processor)}
                for s in self.sides.values()
            },
        }


HEADER = [
    "benchmark, side",
    "img/s",
    "+-",
    "CPU ms/img",
    "+-",
    "of limit, wall",
    "CPU",
    "system",
    "faults/img",
]


def main():
    end = sys.argv.index("--end")
    facet, options = sys.argv[2:end], arguments(sys.argv[end + 1 :])
    started = rounds.machine()
    comparisons = []
    with tempfile.TemporaryDirectory(prefix="facet-bench-") as scratch:
        folder = pathlib.Path(scratch)
        images = numpy.random.default_rng(0).integers(
            0, 256, (4 * options.batch, 112, 112, 3), dtype=numpy.uint8
        )
        images.tofile(folder / "crops.bin")
        images[: options.images].tofile(folder / "few.bin")
        for name in options.only or BENCHMARKS:
            comparison = Comparison(name, options, folder, facet)
            comparison.run()
            comparisons.append(comparison)
            print("\n".join(comparison.ratios()), flush=True)
    print()
    print(rounds.table(HEADER, [row for c in comparisons for row in c.rows()]))
    print()
    for comparison in comparisons:
        gmacs = comparison.limit.median(lambda r: r["gmac"] / r["wall"])
        print(
            f"{comparison.name}: peak memory facet {comparison.peaks['facet']:.0f} MB, pytorch"
            f" {comparison.peaks['pytorch']:.0f} MB; matrix multiply {gmacs:.0f} GMAC/s;"
            f" embeddings differ by {comparison.difference:.1e}"
        )
    figures = {
        "rounds": options.rounds,
        "batch": options.batch,
        "threads": options.threads,
        "benchmarks": [c.json() for c in comparisons],
    }
    rounds.report(options.json, started, figures)


if __name__ == "__main__":
    main()
