"""Facet on Flink: memory over many jobs, two TaskManagers against one, embedded against a loop."""

import argparse
import pathlib
import sys
import tempfile

import faces
import instances
import jobs
import rounds

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]
BENCHMARKS = ("jobs", "instances", "taskmanagers", "embedded")
WARM_FACES = 2000  # until Java has compiled what runs often


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
            results.append(jobs.Jobs(options, folder))
            results[-1].run()
        if "instances" in chosen:
            results.append(instances.run(options, folder))
        if set(chosen) & {"taskmanagers", "embedded"}:
            with (
                open(folder / "worker.log", "w", encoding="utf-8") as log,
                rounds.Worker(facet, log) as worker,
            ):
                worker.ask(task="draw", folder=str(folder), faces=options.faces)
                warm = min(WARM_FACES, options.faces)
                worker.ask(task="draw", folder=str(folder / "warm"), faces=warm)
                if "taskmanagers" in chosen:
                    results.append(faces.taskmanagers(options, folder, worker, jar))
                if "embedded" in chosen:
                    results.append(faces.embedded(options, folder, worker))
    for result in results:
        print("\n".join(result.ratios()), flush=True)
    for result in results:
        print()
        print(rounds.table(result.HEADER, list(result.rows())))
    print()
    figures = {
        "rounds": options.rounds,
        "faces": options.faces,
        "benchmarks": [result.json() for result in results],
    }
    rounds.report(options.json, started, figures)


if __name__ == "__main__":
    main()
