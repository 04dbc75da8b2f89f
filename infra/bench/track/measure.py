"""Measures tracking: its cost in a training step, journal, delivery, and `facet plan`."""

import argparse
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import rounds

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]
RECIPE = """\
name: bench
seed: 7
threads: 1
data:
  train:
    - synthetic: {identities: 40, shots: 4, size: 96}
  validation: {share: 0.2, pairs: 40}
  verification:
    - name: drawn
      source: {synthetic: {firstIdentity: 1000000, identities: 10, shots: 4, pairs: 40, size: 96}}
align: {detector: given}
distill:
  student: {mobilefacenet: {width: 0.125, embedding: 64}}
  epochs: 1
  batchSize: 8
  methods: [none]
evaluate: {bootstrapSamples: 50}
"""


def arguments(words):
    parser = argparse.ArgumentParser(prog="infra/bench/tracking", description=__doc__)
    parser.add_argument("--points", type=int, default=1_000_000, help="journalled and delivered")
    parser.add_argument("--rounds", type=int, default=5, help="of journal, step and plan (5)")
    parser.add_argument("--batch", type=int, default=64, help="images of the training step (64)")
    parser.add_argument("--only", action="append", choices=TASKS, help="may be repeated")
    parser.add_argument("--quick", action="store_true", help="50,000 points, 2 rounds, batch 16")
    if "--quick" in words:
        parser.set_defaults(points=50_000, rounds=2, batch=16)
    parser.add_argument(
        "--json",
        type=pathlib.Path,
        default=pathlib.Path(".facet/bench/tracking.json"),
        help="where the figures go (.facet/bench/tracking.json)",
    )
    return parser.parse_args(words)


class Limits:
    """Figures that must keep a limit."""

    def __init__(self):
        self.figures = []

    def add(self, name, value, unit, most=None, least=None):
        kept = value <= most if most is not None else value >= least
        bound = f"at most {most:g}" if most is not None else f"at least {least:g}"
        print(
            f"limit {name} {value:.4g} {unit} ({bound}) {'ok' if kept else 'MISSED'}", flush=True
        )
        self.figures.append(
            {"name": name, "value": value, "unit": unit, "bound": bound, "kept": kept}
        )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def server_python():
    """Python of the environment in which Facet keeps MLflow."""
    cache = pathlib.Path(os.environ.get("FACET_CACHE") or pathlib.Path.home() / ".cache/facet")
    return str(sorted(cache.glob("mlflow-*/bin/python"))[-1])


def journal(options, facet, folder, limits):
    series = rounds.Series("journal")
    for number in range(options.rounds + 1):
        reading = facet.ask(
            task="journal", store=str(folder / f"journal-{number}"), points=options.points, metrics=10
        )
        if number > 0:  # the first warms Java up
            series.add(reading)
    speed = series.median(lambda r: r["points"] / r["wall"])
    limits.add("journal", speed, "points/s", least=200_000)
    print(f"journal: {reading['bytes'] / options.points:.1f} bytes a point on the disk")
    return series.readings


def delivery(options, facet, folder, limits, python, uri):
    store = folder / "deliver"
    facet.ask(task="journal", store=str(store), points=options.points, metrics=10)
    few = folder / "few"
    facet.ask(task="journal", store=str(few), points=10_000, metrics=10)
    facet.ask(task="deliver", store=str(few), uri=uri)
    theirs = 10_000 / python.ask(task="deliver", points=10_000)["wall"]
    reading = facet.ask(task="deliver", store=str(store), uri=uri)
    theirs = (theirs + 10_000 / python.ask(task="deliver", points=10_000)["wall"]) / 2
    ours = options.points / reading["wall"]
    limits.add("deliver", ours, "points/s", least=4_000)
    print(rounds.ratio_line("deliver", ours, theirs, "points/s"), flush=True)
    return {"ours": reading, "theirsPointsPerSecond": theirs}


def step(options, facet, folder, limits, python):
    steps = facet.ask(task="step", batch=options.batch, steps=options.rounds + 2)["seconds"]
    seconds = statistics.median(steps)
    write, follow = rounds.Series("write"), rounds.Series("follow")
    for number in range(options.rounds + 1):
        place = str(folder / f"steps-{number}")
        ours = facet.ask(task="segments", store=place, steps=1000, metrics=10)
        driver = facet.ask(task="follow", store=place)
        if number > 0:
            write.add(ours)
            follow.add(driver)
    training = write.median(lambda r: r["wall"] / r["steps"])
    driver = follow.median(lambda r: r["cpu"] / r["steps"])
    theirs = python.ask(task="step", steps=200)
    print(
        f"step: {seconds:.3f} s at batch {options.batch}; tracking spends {training * 1e6:.0f} us of"
        f" the training thread and {driver * 1e6:.0f} us of the driver's processor",
        flush=True,
    )
    limits.add("step", 100 * (training + driver) / seconds, "% of a training step", most=1)
    print(
        rounds.ratio_line(
            "step", 1e6 * (training + driver), 1e6 * theirs["wall"] / theirs["steps"], "us/step"
        ),
        flush=True,
    )
    return {"stepSeconds": steps, "write": write.readings, "follow": follow.readings}


def plan(options, folder, limits):
    """Wall time of the command with everything cached, from a new process each time."""
    recipe = folder / "bench.yaml"
    recipe.write_text(RECIPE, encoding="utf-8")
    common = ["--store", str(folder / "store"), "--tracking-uri", "none"]
    facet = str(ROOT / "infra/facet")
    subprocess.run(
        [facet, "run", str(recipe), *common, "--runner", "DirectRunner"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    readings = []
    for _ in range(options.rounds + 1):
        began = time.perf_counter()
        said = subprocess.run(
            [facet, "plan", str(recipe), *common], check=True, capture_output=True, text=True
        )
        readings.append(time.perf_counter() - began)
        if " runs " in said.stdout:
            raise RuntimeError("not everything is cached:\n" + said.stdout)
    limits.add("plan", statistics.median(readings[1:]), "s", most=3)
    return readings


TASKS = ("journal", "deliver", "step", "plan")


def main():
    end = sys.argv.index("--end")
    command, options = sys.argv[2:end], arguments(sys.argv[end + 1 :])
    chosen = options.only or TASKS
    limits, readings = Limits(), {}
    started = rounds.machine()
    with tempfile.TemporaryDirectory(prefix="facet-bench-") as scratch:
        folder = pathlib.Path(scratch)
        with (
            open(folder / "log", "w", encoding="utf-8") as log,
            rounds.Worker(command, log) as facet,
        ):
            if "journal" in chosen:
                readings["journal"] = journal(options, facet, folder, limits)
            if "deliver" in chosen or "step" in chosen:
                server = str(folder / "server")
                uri = facet.ask(task="serve", store=server, port=free_port())["uri"]
                try:
                    reference = [server_python(), str(HERE / "mlflow_worker.py"), uri]
                    with rounds.Worker(reference, log) as python:
                        if "step" in chosen:
                            readings["step"] = step(options, facet, folder, limits, python)
                        if "deliver" in chosen:
                            readings["deliver"] = delivery(
                                options, facet, folder, limits, python, uri
                            )
                finally:
                    facet.ask(task="stop", store=server)
        if "plan" in chosen:
            readings["plan"] = plan(options, folder, limits)
    figures = {
        "points": options.points,
        "limits": limits.figures,
        "readings": readings,
    }
    rounds.report(options.json, started, figures)


if __name__ == "__main__":
    main()
