"""The reference: MLflow's own Python client against the same server."""

import json
import sys
import time

import mlflow
from mlflow.entities import Metric


def started(client, name):
    experiment = client.get_experiment_by_name("bench")
    identity = experiment.experiment_id if experiment else client.create_experiment("bench")
    return client.create_run(identity, run_name=name).info.run_id


def deliver(client, request):
    """Points in batches of 1,000, one after the other."""
    run = started(client, "python batches")
    began = time.perf_counter()
    for start in range(0, request["points"], 1000):
        batch = [
            Metric(f"loss/term{i % 10}", 1.0 / (1 + i), 1000 * (i // 10), i // 10)
            for i in range(start, min(start + 1000, request["points"]))
        ]
        client.log_batch(run, metrics=batch)
    return {"wall": time.perf_counter() - began}


def step(client, request):
    """One call of log_metrics a step, as a training script does."""
    run = started(client, "python steps")
    mlflow.start_run(run_id=run)
    began = time.perf_counter()
    for number in range(request["steps"]):
        mlflow.log_metrics({f"loss/term{i}": 1.0 / (1 + number) for i in range(10)}, step=number)
    wall = time.perf_counter() - began
    mlflow.end_run()
    return {"steps": request["steps"], "wall": wall}


def main():
    mlflow.set_tracking_uri(sys.argv[1])
    client = mlflow.MlflowClient()
    for line in sys.stdin:
        request = json.loads(line)
        answer = {"deliver": deliver, "step": step}[request["task"]](client, request)
        print("=> " + json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
