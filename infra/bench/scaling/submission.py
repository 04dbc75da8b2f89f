"""A recipe that `facet submit` drives on a cluster."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).parents[3]


class Submission:
    """The driving process; it does not outlive its block."""

    def __init__(self, master, recipe, store, options=()):
        self.command = [str(ROOT / "infra/facet"), "submit", str(recipe), *options]
        self.command += ["--flink-master", master, "--store", str(store), "--tracking-uri", "none"]
        self.log_file = store.parent / f"{store.name}.log"

    def __enter__(self):
        with open(self.log_file, "w", encoding="utf-8") as log:
            self.driver = subprocess.Popen(self.command, stdout=log, stderr=log)
        return self

    def runs(self):
        """Whether it goes on; raises if it failed."""
        code = self.driver.poll()
        if code:
            said = self.log_file.read_text(encoding="utf-8")
            raise RuntimeError(f"{' '.join(self.command)} ended with {code}:\n{said}")
        return code is None

    def finish(self):
        """Waits for its end; raises if it failed."""
        self.driver.wait()
        self.runs()

    def __exit__(self, *_):
        self.driver.terminate()
        self.driver.wait()
