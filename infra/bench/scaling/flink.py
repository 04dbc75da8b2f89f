"""A Flink cluster of infra/flink/cluster: started, asked through REST, stopped."""

import contextlib
import itertools
import json
import os
import pathlib
import re
import subprocess
import time
import urllib.request

ROOT = pathlib.Path(__file__).parents[3]
METRICS_SECONDS = 2.5  # infra/flink/config.yaml: REST renews metrics every two seconds
METRICS_TRIES = 20  # of a busy machine


class Cluster:
    """
    A cluster of its own; its TaskManagers are ours to measure. Each has one processor to itself, as
    if it had its own machine: a single one would else compile, collect garbage and compute on the
    processors that belong to the second.
    """

    def __init__(self, port, taskmanagers, slots):
        self.script = str(ROOT / "infra/flink/cluster")
        self.port = port
        self.size = ["--taskmanagers", str(taskmanagers), "--slots", str(slots)]
        self.pids = []

    def __enter__(self):
        text = self._run("up", *self.size)
        pids = [int(pid) for pid in re.search(r"^processes +(.+)$", text, re.M)[1].split()]
        self.pids = pids[1:]  # the first is the JobManager
        processors = sorted(os.sched_getaffinity(0))
        for pid, processor in zip(self.pids, itertools.cycle(processors)):
            pin(pid, processor)
        return self

    def __exit__(self, *_):
        self._run("down")

    def _run(self, command, *options):
        done = subprocess.run(
            [self.script, command, "--port", str(self.port), *options],
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        if done.returncode != 0:
            raise RuntimeError(f"'cluster {command}' ended with {done.returncode}")
        return done.stdout

    @property
    def master(self):
        return f"localhost:{self.port}"

    def rest(self, path):
        """The JSON answer of Flink's REST interface."""
        with urllib.request.urlopen(f"http://{self.master}{path}", timeout=20) as reply:
            return json.load(reply)

    def jobs(self):
        """All jobs as Flink lists them; raises if one did not end well."""
        jobs = self.rest("/jobs/overview")["jobs"]
        bad = [job["name"] for job in jobs if job["state"] in ("FAILED", "CANCELED")]
        if bad:
            raise RuntimeError(f"jobs failed: {bad}")
        return jobs

    def finished(self):
        """Names of the jobs that have ended well, in the order they ended."""
        done = [job for job in self.jobs() if job["state"] == "FINISHED"]
        return [job["name"] for job in sorted(done, key=lambda job: job["end-time"])]

    def collect_garbage(self):
        """Classes of ended jobs go with the next full collection, so that is due first."""
        for pid in self.pids:
            subprocess.run(["jcmd", str(pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)

    def metaspace(self):
        """Megabytes of class data, one number a TaskManager, as Flink's REST tells."""
        self._metaspace()  # asks Flink to renew its figures
        for _ in range(METRICS_TRIES):
            time.sleep(METRICS_SECONDS)
            values = self._metaspace()
            if len(values) == len(self.pids):
                return values
        raise RuntimeError("Flink's REST interface has no metrics of its TaskManagers")

    def _metaspace(self):
        values = []
        for manager in self.rest("/taskmanagers")["taskmanagers"]:
            path = f"/taskmanagers/{manager['id']}/metrics?get=Status.JVM.Memory.Metaspace.Used"
            values += [float(metric["value"]) / 1e6 for metric in self.rest(path)]
        return values

    def resident(self):
        """Megabytes of memory of the processes, heap and native, one number a TaskManager."""
        return [status(pid, "VmRSS") / 1024 for pid in self.pids]

    def processor_seconds(self):
        """User and system time of all TaskManagers so far."""
        ticks = 0
        for pid in self.pids:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / 100


def pin(pid, processor):
    """Keeps all threads of a process on one processor; those to come inherit it."""
    pinned = set()
    while left := {int(task.name) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()} - pinned:
        for thread in left:
            with contextlib.suppress(ProcessLookupError):  # ended meanwhile
                os.sched_setaffinity(thread, {processor})
        pinned |= left


def status(pid, name):
    """A number of kilobytes in /proc/PID/status."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise RuntimeError(f"process {pid} has no {name}")
