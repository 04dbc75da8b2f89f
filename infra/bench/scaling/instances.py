"""Independent stage instances side by side: two TaskManagers against one."""

import pathlib

import flink
import sides
import submission

HERE = pathlib.Path(__file__).parent
COUNT = 4
JOBS = 2  # evaluations come when the students are made, not beside them


def run(options, folder):
    """Four students of one recipe; time counts from the first of their jobs to the last."""
    both = sides.Sides("instances", "two TaskManagers", "one TaskManager", "students")
    for number in range(options.rounds):
        for side, size in ((both.theirs, 1), (both.ours, 2)):
            with flink.Cluster(options.port, size, slots=2) as cluster:
                before = cluster.processor_seconds()
                store = folder / f"instances-{number}-{size}"
                with submission.Submission(
                    cluster.master, HERE / "students.yaml", store, ["--jobs", str(JOBS)]
                ) as driver:
                    driver.finish()
                cpu = cluster.processor_seconds() - before
                jobs = [job for job in cluster.jobs() if " distill[" in job["name"]]
            if len(jobs) != COUNT:
                raise RuntimeError(f"{len(jobs)} students trained instead of {COUNT}")
            began = min(job["start-time"] for job in jobs)
            ended = max(job["end-time"] for job in jobs)
            both.add(side, {"work": COUNT, "wall": (ended - began) / 1000, "cpu": cpu})
    return both
