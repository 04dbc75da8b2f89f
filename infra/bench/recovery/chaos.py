"""Kills, cancels, fills and hangs what a run depends on, and checks what becomes of the run."""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import sys
import tempfile
import time

import rounds
from surroundings import S3, Facet, Flink, Mlflow, processes, wait

RECIPE = """\
name: chaos
seed: 7
threads: 1
data:
  train:
    - synthetic: {identities: 20, shots: 5, size: 96}
  validation: {share: 0.2, pairs: 40}
  verification:
    - name: drawn
      source: {synthetic: {firstIdentity: 1000000, identities: 10, shots: 4, pairs: 40, size: 96}}
align: {detector: given}
evaluate: {bootstrapSamples: 50}
publish: {enabled: false}
distill:
  student: {mobilefacenet: {width: 0.125, embedding: 64}}
  epochs: 10
  batchSize: 8
  learningRate: 0.01
  logEvery: 1
  checkpointEvery: 10
  methods: [none]
"""

STAGES = ("align", "distill")
CHECKPOINT = "distill/*/attempt-*/checkpoints/**/*.checkpoint"
LONGEST = 1800


class Case:
    """One fault in one stage."""

    fault = "none"
    cluster = False
    # How MLflow must show the run that was hit, and how its process must end (None: any way).
    ends = "FINISHED"
    exit_code = 0

    def __init__(self, stage, world):
        self.stage = stage
        self.world = world
        self.name = f"{self.fault}-{stage}"
        # One server serves all stores of a user, and knows the experiments of earlier trials.
        self.experiment = f"{world.folder.name}-{self.name}"
        self.folder = world.folder / self.name
        self.folder.mkdir()
        self.log = self.folder / "facet.log"
        self.json = self.folder / "run.json"
        self.files = world.s3.files(self.name) if world.s3 else self.folder / ".facet"
        self.store = world.s3.uri(self.name) if world.s3 else str(self.files)
        self.objects = bool(world.s3)

    # What a fault changes

    def strike(self, driver):
        """Does the damage while the stage runs; its seconds count from here."""

    def mend(self):
        """What an operator does before the run can go on."""

    def deliver(self):
        """What an operator does before MLflow can know everything."""

    # What all have in common

    def arguments(self):
        more = ["--flink-master", self.world.flink.master] if self.cluster else []
        return [
            *("run", self.world.recipe, "--store", self.store, "--json", self.json),
            *("--tracking-uri", self.world.mlflow.uri),
            *("--set", f"tracking.experiment={self.experiment}", *more),
        ]

    def run(self):
        driver = self.world.facet.start(self.arguments(), self.folder, self.log)
        try:
            wait(f"stage {self.stage}", LONGEST, lambda: self.reached(driver))
            hit = not list(self.files.glob(f"{self.stage}/*/COMMITTED"))
            began = time.monotonic()
            self.strike(driver)
            code = driver.wait(LONGEST)
        finally:
            if driver.poll() is None:
                driver.kill()
                driver.wait()
        resumed = self.resume(code)
        seconds = time.monotonic() - began
        self.deliver()
        return self.verdict(hit, code, resumed, seconds)

    def reached(self, driver):
        if driver.poll() is not None:
            raise RuntimeError(f"the run ended before {self.stage}; see {self.log}")
        if self.stage == "distill":
            return bool(list(self.files.glob(CHECKPOINT)))
        if self.cluster:
            return bool(self.world.flink.job(" align "))
        leases = list(self.files.glob("align/*/attempt-*/lease/*.json"))
        return bool(leases) and time.time() - leases[0].stat().st_mtime > 1

    def resume(self, code):
        """How the run came to its end: by itself, or by the command it or status printed."""
        if code == 0:
            return "itself"
        self.mend()
        said = self.log.read_text(encoding="utf-8", errors="replace")
        source = "its message"
        if "to resume: " not in said:
            said = self.world.facet.say(["status", "--store", self.folder / ".facet"], self.folder)
            source = "facet status"
        command = re.findall(r"to resume: (.*)", said)[-1]
        if self.world.facet.shell(command, self.folder, self.log):
            raise RuntimeError(f"'{command}' failed; see {self.log}")
        return source

    def verdict(self, hit, code, resumed, seconds):
        summary = json.loads(self.json.read_text(encoding="utf-8"))
        digests = digests_of(summary)
        statuses = self.world.mlflow.runs(self.experiment)
        records = self.records()
        first = statuses.get(records[0]["run"], "missing")
        last = statuses.get(records[-1]["run"], "missing")
        return {
            "fault": self.fault,
            "stage": self.stage,
            "hit": hit,
            "exitCode": code,
            "ended": ending(code),
            "resumedBy": resumed,
            "digestsEqual": digests == self.world.digests,
            "rows": rows_in(self.files),
            "rowsExpected": self.world.rows,
            "mlflow": first if len(records) == 1 else f"{first}, {last}",
            "mlflowTrue": first == self.ends
            and last == "FINISHED"
            and "RUNNING" not in statuses.values(),
            "leftOver": self.left_over(),
            "seconds": round(seconds, 1),
            "expectedEnd": self.exit_code is None or code == self.exit_code,
        }

    def records(self):
        runs = [json.loads(f.read_text()) for f in self.folder.glob(".facet/runs/*/run.json")]
        return sorted(runs, key=lambda run: run["started"])

    def left_over(self):
        """Processes, attempt folders and Flink jobs that should not be there any more."""
        found = [f"process {p}" for p, line in processes().items() if f"{self.folder}/" in line]
        committed = {
            marker.parent / json.loads(marker.read_text())["attempt"]
            for marker in self.files.glob("*/*/COMMITTED")
        }
        found += [
            f"attempt {a.relative_to(self.files)}"
            for a in self.files.glob("*/*/attempt-*")
            if a not in committed and self.counts(a)
        ]
        if self.cluster:
            found += [f"job {name}" for name in self.world.flink.living_jobs()]
        return found

    def counts(self, attempt):
        """Whether an attempt folder is there as far as its file system goes. An object store knows
        files only; folders stay behind."""
        return attempt.is_dir() and (
            not self.objects or any(path.is_file() for path in attempt.rglob("*"))
        )


class DriverKill(Case):
    fault, ends, exit_code = "driver-kill", "FAILED", -signal.SIGKILL

    def strike(self, driver):
        driver.kill()


class SigTerm(Case):
    fault, ends, exit_code = "sigterm", "KILLED", None

    def strike(self, driver):
        driver.terminate()


class DiskFull(Case):
    fault, ends, exit_code = "disk-full", "FAILED", 5

    def __init__(self, stage, world):
        super().__init__(stage, world)
        self.files = self.folder / "store"
        self.flag = pathlib.Path(tempfile.gettempdir()) / self.name
        self.store = f"faulty://full-while-{self.name}{self.files}"
        self.objects = True

    def strike(self, driver):
        self.flag.touch()

    def mend(self):
        self.flag.unlink()


class S3Dead(Case):
    fault, ends, exit_code = "s3-dead", "FAILED", 5

    def strike(self, driver):
        self.world.s3.down()

    def mend(self):
        self.world.s3.up()


class MlflowDead(Case):
    fault = "mlflow-dead"

    def strike(self, driver):
        self.world.mlflow.signal(signal.SIGKILL)

    def deliver(self):
        self.world.mlflow.up()
        said = self.log.read_text(encoding="utf-8", errors="replace")
        command = re.findall(r"to deliver: (.*)", said)[-1]
        if self.world.facet.shell(command, self.folder, self.log):
            raise RuntimeError(f"'{command}' failed; see {self.log}")


class MlflowHanging(MlflowDead):
    fault = "mlflow-hanging"

    def strike(self, driver):
        self.world.mlflow.signal(signal.SIGSTOP)

    def deliver(self):
        self.world.mlflow.signal(signal.SIGCONT)
        super().deliver()


class ClusterCase(Case):
    cluster = True

    def job(self):
        return wait(
            f"a job of {self.stage}", 60, lambda: self.world.flink.job(f" {self.stage}")
        )


class TaskManagerKill(ClusterCase):
    fault = "taskmanager-kill"

    def strike(self, driver):
        job = self.job()
        os.kill(
            wait("a busy TaskManager", 60, lambda: self.world.flink.worker_of(job)),
            signal.SIGKILL,
        )

    def deliver(self):
        self.world.flink.up()


class JobManagerKill(ClusterCase):
    fault, ends, exit_code = "jobmanager-kill", "FAILED", 5

    def strike(self, driver):
        os.kill(self.world.flink.jobmanager(), signal.SIGKILL)

    def mend(self):
        self.world.flink.up()


class RestCancel(ClusterCase):
    fault, ends, exit_code = "rest-cancel", "KILLED", 130

    def strike(self, driver):
        self.world.flink.cancel(self.job())


class S3DeadOnCluster(ClusterCase, S3Dead):
    fault = "s3-dead-cluster"


class DriverKillOnCluster(ClusterCase, DriverKill):
    fault = "driver-kill-cluster"


class SigTermOnCluster(ClusterCase, SigTerm):
    fault = "sigterm-cluster"


FAULTS = {
    case.fault: case
    for case in (
        DriverKill,
        SigTerm,
        DiskFull,
        MlflowDead,
        MlflowHanging,
        TaskManagerKill,
        JobManagerKill,
        RestCancel,
        DriverKillOnCluster,
        SigTermOnCluster,
        S3Dead,
        S3DeadOnCluster,
    )
}


class World:
    """The servers, and what an undisturbed run gives."""

    def __init__(self, root, folder, cluster, s3):
        self.folder = folder
        self.facet = Facet(root)
        self.recipe = folder / "chaos.yaml"
        self.recipe.write_text(RECIPE, encoding="utf-8")
        (folder / "mlflow").mkdir()
        self.mlflow = Mlflow(self.facet, folder / "mlflow")
        self.s3 = S3(s3, folder / "s3") if s3 else None
        self.flink = Flink(root) if cluster else None
        self.digests = {}
        self.rows = {}

    def __enter__(self):
        self.mlflow.up()
        if self.s3:
            self.s3.up()
        if self.flink:
            self.flink.up()
        return self

    def __exit__(self, kind, error, trace):
        self.mlflow.down()
        if self.flink:
            self.flink.down()
        if self.s3:
            self.s3.down()

    def run_undisturbed(self):
        """On a local disk."""
        files, summary = self.folder / "undisturbed", self.folder / "undisturbed.json"
        self.facet.say(
            ["run", self.recipe, "--store", files, "--json", summary, "--tracking-uri", "none"],
            self.folder,
        )
        self.digests = digests_of(json.loads(summary.read_text(encoding="utf-8")))
        self.rows = rows_in(files)


def attempt(case, stage, world):
    """The result of a case; what hinders its trial is a result too."""
    try:
        return case(stage, world).run()
    except (RuntimeError, TimeoutError, OSError, LookupError) as trouble:
        return {"fault": case.fault, "stage": stage, "trouble": f"{trouble!r}"}


def digests_of(summary):
    """Digest by stage and table; timings differ from run to run."""
    return {
        f"{stage['name']}/{table}": digest
        for stage in summary["stages"]
        for table, digest in stage["digests"].items()
        if table != "timings"
    }


def rows_in(files):
    """Rows of all tables that count, by stage."""
    rows = {}
    for marker in files.glob("*/*/COMMITTED"):
        attempt = json.loads(marker.read_text(encoding="utf-8"))["attempt"]
        text = (marker.parent / attempt / "manifest.json").read_text(encoding="utf-8")
        manifest = json.loads(text)
        counts = (t["rows"] for t in manifest["tables"] if t["name"] != "timings")
        rows[manifest["instance"]] = sum(counts)
    return rows


def ending(code):
    if code < 0:
        return signal.Signals(-code).name
    return "finished" if code == 0 else f"exit {code}"


HEADER = ["fault, stage", "ended", "resumed by", "digests", "rows", "MLflow", "left over", "s"]


def row(result):
    if "trouble" in result:
        name = f"{result['fault']}, {result['stage']}"
        return [name, "?", "-", "-", "-", "-", result["trouble"], "-"]
    rows, expected = sum(result["rows"].values()), sum(result["rowsExpected"].values())
    return [
        f"{result['fault']}, {result['stage']}" + ("" if result["hit"] else " (too late)"),
        result["ended"],
        result["resumedBy"],
        "equal" if result["digestsEqual"] else "DIFFER",
        f"{rows} of {expected}",
        result["mlflow"] + ("" if result["mlflowTrue"] else " WRONG"),
        "; ".join(result["leftOver"]) or "nothing",
        f"{result['seconds']:.1f}",
    ]


def good(result):
    return (
        "trouble" not in result
        and result["hit"]
        and result["digestsEqual"]
        and result["rows"] == result["rowsExpected"]
        and result["mlflowTrue"]
        and not result["leftOver"]
        and result["expectedEnd"]
    )


def arguments(words):
    parser = argparse.ArgumentParser(prog="infra/bench/chaos", description=__doc__)
    parser.add_argument("--fault", action="append", choices=FAULTS, help="may be repeated (all)")
    parser.add_argument("--stage", action="append", choices=STAGES, help="may be repeated (both)")
    parser.add_argument("--no-cluster", action="store_true", help="only faults that need no Flink")
    parser.add_argument(
        "--s3",
        type=pathlib.Path,
        metavar="VERSITYGW",
        help="stores lie on an S3 server, this program (needs a build with -Pstorage)",
    )
    parser.add_argument("--keep", action="store_true", help="keep stores and logs")
    parser.add_argument(
        "--json",
        type=pathlib.Path,
        default=pathlib.Path(".facet/bench/chaos.json"),
        help="where the figures go (.facet/bench/chaos.json)",
    )
    return parser.parse_args(words)


def main():
    options = arguments(sys.argv[2:])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # servers are stopped on the way out
    chosen = [FAULTS[name] for name in options.fault or FAULTS]
    if options.no_cluster:
        chosen = [case for case in chosen if not case.cluster]
    other = DiskFull if options.s3 else S3Dead
    chosen = [case for case in chosen if not issubclass(case, other)]
    if not chosen:
        sys.exit(f"chaos: {', '.join(options.fault)} is nothing for these options; see --help")
    started, results = rounds.machine(), []
    folder = pathlib.Path(tempfile.mkdtemp(prefix="facet-chaos-"))
    cluster = any(case.cluster for case in chosen)
    with World(sys.argv[1], folder, cluster, options.s3) as world:
        world.run_undisturbed()
        for case in chosen:
            for stage in options.stage or STAGES:
                result = attempt(case, stage, world)
                results.append(result)
                print(" | ".join(row(result)), file=sys.stderr, flush=True)
    print(rounds.table(HEADER, [row(result) for result in results]))
    held = sum(good(result) for result in results)
    print(f"\n{held} of {len(results)} as they should be")
    rounds.report(options.json, started, {"cases": results})
    if options.keep or held < len(results):
        print(f"stores and logs are kept in {folder}")
    else:
        shutil.rmtree(folder)
    sys.exit(0 if held == len(results) else 1)


if __name__ == "__main__":
    main()
