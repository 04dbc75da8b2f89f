"""Images to crops to embeddings by the product's Beam transforms, on Flink and in a loop."""

import shutil

import flink
import sides


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
    both = sides.Sides("taskmanagers", "two TaskManagers", "one TaskManager", "faces")
    for _ in range(options.rounds):
        for side, size in ((both.theirs, 1), (both.ours, 2)):
            with flink.Cluster(options.port, size, slots=1) as cluster:
                pipeline(worker, folder / "warm", cluster.master, size, jar)
                before = cluster.processor_seconds()
                reading = pipeline(worker, folder, cluster.master, size, jar)
                reading["cpu"] = cluster.processor_seconds() - before
                both.add(side, reading)
    return both


def embedded(options, folder, worker):
    """Flink in the same process, one task, against a loop over the same classes."""
    both = sides.Sides("embedded", "embedded Flink", "plain loop", "faces")
    pipeline(worker, folder / "warm", "[local]", 1)
    worker.ask(task="loop", folder=str(folder / "warm"))
    for _ in range(options.rounds):
        both.add(both.ours, pipeline(worker, folder, "[local]", 1))
        both.add(both.theirs, worker.ask(task="loop", folder=str(folder)))
    return both
