"""Facet on Flink: memory over many jobs, two TaskManagers against one, embedded against a loop."""

import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import flink
import rounds

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]
BENCHMARKS = ("jobs", "taskmanagers", "embedded")


def wall(reading):
    """Faces per second of wall time."""
    return reading["faces"] / reading["wall"]


def processor(reading):
    """Faces per second of processor time."""
    return reading["faces"] / reading["cpu"]


def arguments(words):
    parser = argparse.ArgumentParser(
        prog="infra/bench/scale", description=__doc__, epilog="benchmarks: " + ", ".join(BENCHMARKS)
    )
    parser.add_argument("--rounds", type=int, default=7, help="turns of each side (7)")
    parser.add_argument("--faces", type=int, default=20000, help="of a turn (20000)")
    parser.add_argument("--repeats", type=int, default=2, help="of the ten jobs (2)")
    parser.add_argument("--port", type=int, default=8181, help="of the cluster (8181)")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, help="may be repeated")
    parser.add_argument("--quick", action="store_true", help="2 rounds, 1000 faces")
    if "--quick" in words:
        parser.set_defaults(rounds=2, faces=1000)
    parser.add_argument(
        "--json",
        type=pathlib.Path,
        default=pathlib.Path(".facet/bench/scale.json"),
        help="where the figures go (.facet/bench/scale.json)",
    )
    return parser.parse_args(words)


class Jobs:
    """Recipes one after the other on the same TaskManagers; memory after every job."""

    HEADER = ["job", "metaspace MB", "resident MB"]

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.samples = []

    def run(self):
        with flink.Cluster(ROOT, self.options.port, taskmanagers=1, slots=2) as cluster:
            for repeat in range(self.options.repeats):
                self.recipe(cluster, repeat)

    def recipe(self, cluster, repeat):
        """Another seed is other work: nothing is cached."""
        store = self.folder / f"jobs-{repeat}"
        with open(self.folder / "jobs.log", "a", encoding="utf-8") as log:
            driver = subprocess.Popen(
                [str(ROOT / "infra/facet"), "submit", str(HERE / "tiny.yaml")]
                + ["--flink-master", cluster.master, "--store", str(store)]
                + ["--set", f"seed={repeat + 1}", "--tracking-uri", "none"],
                stdout=log,
                stderr=log,
            )
            try:
                while driver.poll() is None:
                    time.sleep(0.5)
                    self.sample(cluster)
            finally:
                driver.terminate()  # no driver outlives its cluster
                driver.wait()
        if driver.returncode != 0:
            raise RuntimeError(f"the recipe ended with {driver.returncode}; see {log.name}")
        self.sample(cluster)

    def sample(self, cluster):
        finished = cluster.finished()
        if len(finished) <= len(self.samples):
            return
        cluster.collect_garbage()
        metaspace, resident = max(cluster.metaspace()), max(cluster.resident())
        # Jobs that ended while we waited are seen together with the last of them.
        finished = cluster.finished()
        for name in finished[len(self.samples) :]:
            self.samples.append({"job": name, "metaspace": metaspace, "resident": resident})
        print(
            f"job {len(finished)}: metaspace {metaspace:.0f} MB, resident {resident:.0f} MB",
            file=sys.stderr,
            flush=True,
        )

    def ratios(self):
        """The last round of jobs against the one before: 1 is flat."""
        size = len(self.samples) // self.options.repeats
        last, before = self.samples[-size:], self.samples[-2 * size : -size]
        return [
            rounds.ratio_line(
                f"jobs-{what}",
                statistics.median(sample[what] for sample in last),
                statistics.median(sample[what] for sample in before or last),
                "MB",
            )
            for what in ("metaspace", "resident")
        ]

    def rows(self):
        for number, sample in enumerate(self.samples, 1):
            yield [
                f"{number} {sample['job']}",
                f"{sample['metaspace']:.0f}",
                f"{sample['resident']:.0f}",
            ]

    def json(self):
        return {"name": "jobs", "samples": self.samples}


class Sides:
    """The same faces through two ways in turn."""

    HEADER = ["benchmark, side", "faces/s", "+-", "CPU ms/face", "+-"]

    def __init__(self, name, ours, theirs):
        self.name = name
        self.ours = rounds.Series(ours)
        self.theirs = rounds.Series(theirs)

    def add(self, side, reading):
        side.add(reading)
        print(f"{self.name}, {side.name}: {wall(reading):.1f} faces/s", file=sys.stderr, flush=True)

    def ratios(self):
        return [
            rounds.ratio_line(
                self.name, self.ours.median(wall), self.theirs.median(wall), "faces/s"
            ),
            rounds.ratio_line(
                self.name + "-cpu",
                self.ours.median(processor),
                self.theirs.median(processor),
                "faces/cpu-s",
            ),
        ]

    def rows(self):
        for side in (self.ours, self.theirs):
            yield [
                f"{self.name}, {side.name}",
                f"{side.median(wall):.1f}",
                f"{side.spread(wall):.0%}",
                f"{1000 / side.median(processor):.1f}",
                f"{side.spread(processor):.0%}",
            ]

    def json(self):
        return {
            "name": self.name,
            "sides": {s.name: s.readings for s in (self.ours, self.theirs)},
        }


def pipeline(worker, folder, master, tasks, jar=""):
    """One turn of the Beam pipeline; its output is thrown away."""
    out = folder / "out"
    reading = worker.ask(
        task="pipeline", folder=str(folder), out=str(out), master=master, tasks=tasks, jar=jar
    )
    shutil.rmtree(out)
    return reading


def taskmanagers(options, folder, worker, jar):
    """Two TaskManagers of one slot each against one, on the same cluster script."""
    sides = Sides("taskmanagers", "two TaskManagers", "one TaskManager")
    for _ in range(options.rounds):
        for side, size in ((sides.theirs, 1), (sides.ours, 2)):
            with flink.Cluster(ROOT, options.port, size, slots=1) as cluster:
                pipeline(worker, folder / "warm", cluster.master, size, jar)
                before = cluster.processor_seconds()
                reading = pipeline(worker, folder, cluster.master, size, jar)
                reading["cpu"] = cluster.processor_seconds() - before
                sides.add(side, reading)
    return sides


def embedded(options, folder, worker):
    """Flink in the same process, one task, against a loop over the same classes."""
    sides = Sides("embedded", "embedded Flink", "plain loop")
    pipeline(worker, folder / "warm", "[local]", 1)
    worker.ask(task="loop", folder=str(folder / "warm"))
    for _ in range(options.rounds):
        sides.add(sides.ours, pipeline(worker, folder, "[local]", 1))
        sides.add(sides.theirs, worker.ask(task="loop", folder=str(folder)))
    return sides


def main():
    end = sys.argv.index("--end")
    facet, options = sys.argv[2:end], arguments(sys.argv[end + 1 :])
    jar = str(ROOT / "pipelines/target/dist/facet-job.jar")
    started = rounds.machine()
    chosen = options.only or BENCHMARKS
    results = []
    with tempfile.TemporaryDirectory(prefix="facet-bench-") as scratch:
        folder = pathlib.Path(scratch)
        if "jobs" in chosen:
            jobs = Jobs(options, folder)
            jobs.run()
            results.append(jobs)
        if set(chosen) & {"taskmanagers", "embedded"}:
            with (
                open(folder / "worker.log", "w", encoding="utf-8") as log,
                rounds.Worker(facet, log) as worker,
            ):
                worker.ask(task="draw", folder=str(folder), faces=options.faces)
                worker.ask(task="draw", folder=str(folder / "warm"), faces=min(200, options.faces))
                if "taskmanagers" in chosen:
                    results.append(taskmanagers(options, folder, worker, jar))
                if "embedded" in chosen:
                    results.append(embedded(options, folder, worker))
    for result in results:
        print("\n".join(result.ratios()), flush=True)
    for result in results:
        print()
        print(rounds.table(result.HEADER, list(result.rows())))
    print()
    figures = {
        "started": started,
        "ended": rounds.machine(),
        "rounds": options.rounds,
        "faces": options.faces,
        "benchmarks": [result.json() for result in results],
    }
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"json {options.json}; load {started['load']} to {figures['ended']['load']}")


if __name__ == "__main__":
    main()
