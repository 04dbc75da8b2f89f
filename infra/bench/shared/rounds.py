"""What all benchmarks share: workers answering requests, medians with spread, ratio lines."""

import json
import os
import statistics
import subprocess
import time


class Worker:
    """A process that answers one line of JSON with one line "=> JSON"; one at a time works."""

    def __init__(self, command, log, environment=None):
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | (environment or {}),
        )
        self.log = log.name

    def ask(self, **request):
        """The answer to a request."""
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("=> "):
                return json.loads(line[3:])
        with open(self.log, encoding="utf-8", errors="replace") as log:
            last = "".join(log.readlines()[-30:])
        raise RuntimeError(f"a worker ended in task '{request['task']}':\n{last}")

    def peak_megabytes(self):
        """The largest resident memory of the process so far."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
        return 0.0

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.close()
        else:
            self.process.kill()
            self.process.wait()


class Series:
    """The readings of one side over the rounds."""

    def __init__(self, name):
        self.name = name
        self.readings = []

    def add(self, reading):
        self.readings.append(reading)

    def values(self, of):
        return [of(reading) for reading in self.readings]

    def median(self, of):
        return statistics.median(self.values(of))

    def spread(self, of):
        """Half the distance of the quartiles, as a share of the median."""
        values = self.values(of)
        if len(values) < 3:
            return (max(values) - min(values)) / 2 / statistics.median(values)
        low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
        return (high - low) / 2 / middle


def ratio_line(name, ours, theirs, unit):
    """The line every benchmark prints for each comparison."""
    return f"ratio {name} {ours / theirs:.3f} (ours {ours:.4g} {unit}, theirs {theirs:.4g} {unit})"


def table(header, rows):
    """Text columns, the first left-aligned, the others right-aligned."""
    lines = [header, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths))
        ).rstrip()
        for line in lines
    )


def machine():
    """Where and under what load the figures were taken."""
    model = "unknown"
    with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:
        for line in cpuinfo:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {
        "processor": model,
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def report(file, started, figures):
    """Writes the figures of a benchmark between two states of the machine as JSON."""
    ended = machine()
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"started": started, "ended": ended} | figures, indent=1)
    file.write_text(text + "\n", encoding="utf-8")
    print(f"json {file}; load {started['load']} to {ended['load']}")
