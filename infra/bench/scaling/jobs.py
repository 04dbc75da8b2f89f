"""Memory over many jobs on the same TaskManagers."""

import pathlib
import statistics
import sys
import time

import flink
import rounds
import submission

HERE = pathlib.Path(__file__).parent


class Jobs:
    """Recipes one after the other on the same TaskManagers; memory after every job."""

    HEADER = ["job", "metaspace MB", "resident MB"]

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.samples = []

    def run(self):
        with flink.Cluster(self.options.port, taskmanagers=1, slots=2) as cluster:
            for repeat in range(self.options.repeats):
                self.recipe(cluster, repeat)

    def recipe(self, cluster, repeat):
        """Another seed is other work: nothing is cached."""
        with submission.Submission(
            cluster.master,
            HERE / "tiny.yaml",
            self.folder / f"jobs-{repeat}",
            ["--set", f"seed={repeat + 1}"],
        ) as driver:
            while driver.runs():
                time.sleep(0.5)
                self.sample(cluster)
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
