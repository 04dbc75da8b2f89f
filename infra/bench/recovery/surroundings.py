"""What runs depend on, as real processes: Facet's command, an MLflow server, a Flink cluster, an S3
server."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request


def wait(what, seconds, found):
    """The first true answer of found(); raises after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = found()
        if answer:
            return answer
        time.sleep(0.05)
    raise TimeoutError(f"{what} did not come within {seconds} s")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(url, body=None, method=None):
    """The JSON answer to a request."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.loads(reply.read() or b"{}")


def processes():
    """Command line by process id, of all processes that are more than zombies."""
    found = {}
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue  # ended while we looked
            if line:
                found[int(folder.name)] = line
    return found


class Facet:
    """The facet command of this working copy."""

    def __init__(self, root):
        self.root = pathlib.Path(root)

    def start(self, arguments, folder, log):
        """A run in the background; its output goes to a file."""
        with open(log, "ab") as out:
            return subprocess.Popen(
                [self.root / "infra/facet", *map(str, arguments)],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def say(self, arguments, folder):
        """What a short command prints."""
        done = subprocess.run(
            [self.root / "infra/facet", *map(str, arguments)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"facet {arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def shell(self, command, folder, log):
        """A command as Facet printed it, given to a shell; the exit code."""
        command = command.replace("./infra/facet", str(self.root / "infra/facet"))
        with open(log, "ab") as out:
            return subprocess.run(
                command, shell=True, cwd=folder, stdout=out, stderr=subprocess.STDOUT, check=False
            ).returncode


class Mlflow:
    """A real MLflow server that can be killed, stopped in its tracks, and started again."""

    def __init__(self, facet, folder):
        self.facet = facet
        self.folder = folder
        self.port = free_port()
        self.uri = f"http://127.0.0.1:{self.port}"

    def up(self):
        self.facet.say(
            ["track", "serve", "--store", self.folder, "--port", self.port], self.folder
        )

    def down(self):
        self.signal(signal.SIGCONT)
        self.facet.say(["track", "stop", "--store", self.folder], self.folder)

    def pids(self):
        mark = f"--port {self.port}"
        own = [p for p, line in processes().items() if "mlflow" in line and mark in line]
        parents = {p: parent(p) for p in processes()}
        return own + [p for p, of in parents.items() if of in own and p not in own]

    def signal(self, number):
        for pid in self.pids():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass  # a worker that ended with its parent

    def runs(self, experiment):
        """Status by Facet's own run id."""
        api = self.uri + "/api/2.0/mlflow"
        found = ask(f"{api}/experiments/get-by-name?experiment_name={experiment}")
        number = found["experiment"]["experiment_id"]
        answer = ask(f"{api}/runs/search", {"experiment_ids": [number], "max_results": 1000})
        statuses = {}
        for run in answer.get("runs", []):
            tags = {tag["key"]: tag["value"] for tag in run["data"].get("tags", [])}
            statuses[tags["facet.run"]] = run["info"]["status"]
        return statuses


def parent(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return int(text.rsplit(")", 1)[1].split()[1])


class S3:
    """A versitygw over a folder, where each object is a file, that can be killed and started again."""

    BUCKET = "chaos"

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.buckets = folder / "buckets"
        self.port = free_port()
        self.process = None
        for name in ("attributes", f"buckets/{self.BUCKET}"):
            (folder / name).mkdir(parents=True)
        os.environ |= {
            "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": "chaos",
            "AWS_SECRET_ACCESS_KEY": "chaos-of-a-benchmark",
            "FACET_S3_RETRIES": "4",
        }

    def uri(self, name):
        return f"s3://{self.BUCKET}/{name}"

    def files(self, name):
        """Where the objects below such a URI lie."""
        return self.buckets / self.BUCKET / name

    def up(self):
        keys = {
            "ROOT_ACCESS_KEY": os.environ["AWS_ACCESS_KEY_ID"],
            "ROOT_SECRET_KEY": os.environ["AWS_SECRET_ACCESS_KEY"],
        }
        address = f"127.0.0.1:{self.port}"
        command = [self.program, "--port", address, "posix"]
        command += ["--sidecar", self.folder / "attributes", self.buckets]
        with open(self.folder / "versitygw.log", "ab") as log:
            self.process = subprocess.Popen(
                command, env=os.environ | keys, stdout=log, stderr=subprocess.STDOUT
            )
        wait("the S3 server", 60, lambda: listener(self.port))

    def down(self):
        self.process.kill()
        self.process.wait()


class Flink:
    """A real Flink on this machine: infra/flink/cluster."""

    def __init__(self, root):
        self.script = pathlib.Path(root) / "infra/flink/cluster"
        self.port = free_port()
        self.master = f"127.0.0.1:{self.port}"

    def up(self):
        """Starts what is missing."""
        self.run("up", "--taskmanagers", "2", "--slots", "2", "--memory", "3g")

    def down(self):
        self.run("down")

    def run(self, command, *options):
        done = subprocess.run(
            [self.script, command, "--port", str(self.port), *options],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"infra/flink/cluster {command}: {done.stdout}{done.stderr}")

    def job(self, words):
        """The id of a living job whose name holds the words."""
        for job in ask(f"http://{self.master}/jobs/overview")["jobs"]:
            if words in job["name"] and job["state"] in ("RUNNING", "RESTARTING"):
                return job["jid"]
        return None

    def living_jobs(self):
        ended = ("FINISHED", "CANCELED", "FAILED")
        jobs = ask(f"http://{self.master}/jobs/overview")["jobs"]
        return [job["name"] for job in jobs if job["state"] not in ended]

    def cancel(self, job):
        ask(f"http://{self.master}/jobs/{job}?mode=cancel", method="PATCH")

    def worker_of(self, job):
        """Process id of a TaskManager on which a vertex of the job runs."""
        for vertex in ask(f"http://{self.master}/jobs/{job}")["vertices"]:
            if vertex["status"] != "RUNNING":
                continue
            url = f"http://{self.master}/jobs/{job}/vertices/{vertex['id']}"
            for task in ask(url)["subtasks"]:
                if task["status"] == "RUNNING":
                    return self.process(task["taskmanager-id"])
        return None

    def process(self, taskmanager):
        """TaskManagers are named after the port they listen on: HOST:PORT-LETTERS."""
        port = int(taskmanager.rsplit("-", 1)[0].rsplit(":", 1)[1])
        return listener(port)

    def jobmanager(self):
        return listener(self.port)


def listener(port):
    """The process that listens on a TCP port."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in pathlib.Path(table).read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    for pid in processes():
        try:
            for handle in pathlib.Path(f"/proc/{pid}/fd").iterdir():
                if os.readlink(handle) in inodes:
                    return pid
        except OSError:
            continue  # ended while we looked, or another user's
    return None
