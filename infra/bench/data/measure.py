"""Planning, ingest and reading of RecordIO sets at sizes of the field."""

import argparse
import pathlib
import resource
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import generate
import rounds

RECIPE = """\
name: data-bench
data:
  train:
    - recordio: {{path: {rec}}}
  validation: {{share: 0.1}}
  verification:
    - {{name: drawn, source: {{synthetic: {{identities: 4, shots: 4, pairs: 20, firstIdentity: 1000000}}}}}}
align: {{detector: none}}
distill:
  student: {{mobilefacenet: {{width: 0.25}}}}
  epochs: 1
  methods: [none]
publish: {{enabled: false}}
"""


def plan(options, folder):
    """A plan that hashes the file, and plans that know it; the heap is limited."""
    rec = folder / "tiny.rec"
    generate.write(rec, options.records, 10_000, [])
    recipe = folder / "plan.yaml"
    recipe.write_text(RECIPE.format(rec=rec), encoding="utf-8")
    command = [*options.java[:-2], f"-Xmx{options.plan_heap}", *options.java[-2:]]
    command += ["io.facet.pipelines.cli.FacetCommand", "plan", str(recipe)]
    command += ["--store", str(folder / "store")]
    wall, cpu = [], []
    for _ in range(options.rounds + 1):
        began, processor = time.perf_counter(), processor_seconds()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        wall.append(time.perf_counter() - began)
        cpu.append(processor_seconds() - processor)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    known, known_cpu = statistics.median(wall[1:]), statistics.median(cpu[1:])
    print(f"plan of {options.records} records, first: {wall[0]:.2f} s, {cpu[0]:.2f} s of processors")
    verdict = "ok" if known <= 3 else "MISSED"
    print(
        f"limit plan {known:.2f} s (at most 3; {known_cpu:.2f} s of processors,"
        f" heap {options.plan_heap}) {verdict}"
    )
    return {"wall": wall, "cpu": cpu, "peak_mb": peak}


def processor_seconds():
    """Of all child processes that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


STAGES = ("ingest", "align", "pack")
BENCHMARKS = ("plan", "stages", "read", "load", "threads", "pairs")


def stages(options, folder, pictures):
    """The data stages on the Flink inside one process with a limited heap, a fresh one for each size;
    then the pack is opened as a training does."""
    figures = []
    for records in options.sizes:
        rec = folder / f"{records}.rec"
        generate.write(rec, records, min(options.identities, max(2, records // 10)), pictures)
        out = folder / "out"
        with worker(options, folder, options.heap) as java:
            for stage in (*STAGES, "open"):
                reading = java.ask(task=stage, file=str(rec), out=str(out))
                reading |= {"stage": stage, "records": records, "peak_mb": java.peak_megabytes()}
                reading["written_per_read"] = reading["written"] / rec.stat().st_size
                figures.append(reading)
        shutil.rmtree(out)
        rec.unlink()
    rows = [
        (
            f"{reading['records']:,}",
            reading["stage"],
            f"{reading['wall']:.1f}",
            f"{reading['cpu']:.1f}",
            f"{1e6 * reading['cpu'] / reading['records']:.0f}",
            f"{reading['peak_mb']:.0f}",
            f"{reading['written_per_read']:.2f}",
        )
        for reading in figures
    ]
    heads = ("images", "stage", "s", "CPU s", "CPU us/image", "peak MB", "written/read")
    print(f"heap {options.heap}, peak of the process so far")
    print(rounds.table(heads, rows), flush=True)
    return figures


def read(options, folder, pictures):
    """Every payload of a file, by Facet and by a plain Python program, in turn."""
    rec = folder / "read.rec"
    generate.write(rec, options.sizes[-1], options.sizes[-1] // 60, pictures)
    ours, theirs = rounds.Series("Facet"), rounds.Series("Python")
    python = [sys.executable, str(pathlib.Path(__file__).with_name("record_reader.py"))]
    log = open(folder / "python.log", "w", encoding="utf-8")
    with worker(options, folder, "256m") as java, rounds.Worker(python, log) as other:
        for _ in range(options.rounds):
            ours.add(java.ask(task="read", file=str(rec)))
            theirs.add(other.ask(task="read", file=str(rec)))
    a, b = ours.readings[0], theirs.readings[0]
    if (a["images"], a["bytes"]) != (b["images"], b["bytes"]):
        raise SystemExit(f"Facet and Python read other things: {a}, {b}")
    for name, of in (("read", "wall"), ("read-cpu", "cpu")):
        rate = [
            series.median(lambda reading: reading["images"] / reading[of])
            for series in (ours, theirs)
        ]
        print(rounds.ratio_line(name, *rate, "images/s"))
    return {"ours": ours.readings, "theirs": theirs.readings}


def load(options, folder, pictures):
    """Batches of decoded, mirrored and normalised crops: Facet's loader and PyTorch's, in turn."""
    rec = folder / "load.rec"
    records = options.loaded + options.loaded // 5  # a tenth of the people is kept for validation
    generate.write(rec, records, records // 60, pictures)
    out = str(folder / "loaded")
    ours = rounds.Series("Facet")
    theirs = {
        ("opencv", 0): rounds.Series("OpenCV"),
        ("pillow", 0): rounds.Series("Pillow"),
        ("opencv", 1): rounds.Series("OpenCV in a worker process"),
    }
    peer = [torch_python(), str(pathlib.Path(__file__).with_name("torch_loader.py"))]
    log = open(folder / "torch.log", "w", encoding="utf-8")
    with worker(options, folder, "1g") as java, rounds.Worker(peer, log) as torch:
        for stage in STAGES:
            java.ask(task=stage, file=str(rec), out=out)
        wanted = {"batch": 64, "images": options.loaded // 64 * 64}
        java.ask(task="load", file=str(rec), out=out, **wanted)  # Java compiles what it runs often
        for _ in range(options.rounds):
            ours.add(java.ask(task="load", file=str(rec), out=out, **wanted))
            for (decoder, workers), series in theirs.items():
                asked = wanted | {"decoder": decoder, "workers": workers}
                series.add(torch.ask(task="load", file=str(rec), **asked))
    rate = lambda series: series.median(lambda reading: reading["images"] / reading["cpu"])
    for (decoder, workers), series in theirs.items():
        name = f"load-{decoder}{'-worker' * workers}-cpu"
        print(rounds.ratio_line(name, rate(ours), rate(series), "images/s"))
    return {"ours": ours.readings} | {series.name: series.readings for series in theirs.values()}


def threads(options, folder):
    """Facet's loader with threads that wait instead of decoding, as many processors would seem."""
    figures = []
    with worker(options, folder, "1g") as java:
        java.ask(task="wait", file="", threads=16, batch=64, images=6400)
        for count in (1, 2, 4, 8, 16):
            reading = java.ask(task="wait", file="", threads=count, batch=64, images=1280 * count)
            figures.append(reading | {"threads": count, "rate": reading["images"] / reading["wall"]})
    rows = [
        (
            str(reading["threads"]),
            f"{reading['rate']:.0f}",
            f"{reading['rate'] / figures[0]['rate']:.2f}",
            f"{1e6 * reading['cpu'] / reading['images']:.0f}",
        )
        for reading in figures
    ]
    print("crops of two milliseconds each")
    print(rounds.table(("threads", "images/s", "of one thread", "CPU us/image"), rows), flush=True)
    return figures


def pairs(options, folder):
    """Pairs of images from their embeddings on: a pipeline on the Flink inside a process with a limited
    heap, and with --check the same figures from arrays. Each step has a process of its own."""
    different = options.pairs - options.pairs // 800
    drawn = {"faces": options.faces, "people": options.people, "width": options.width}
    drawn |= {"same": options.pairs - different, "different": different}
    asked = {"drawn": drawn, "rounds": options.bootstrap, "out": str(folder / "pairs")}
    steps = [("embeddings", options.heap), ("pairs", options.heap), ("evaluate", options.pairs_heap)]
    if options.check:
        steps.append(("compute", options.check_heap))
    figures = {}
    for step, heap in steps:
        with worker(options, folder, heap, "PairPipelineWorker") as java:
            reading = java.ask(task=step, **asked)
            figures[step] = reading | {"heap": heap, "peak_mb": java.peak_megabytes()}
    rows = [
        (
            step,
            reading["heap"],
            f"{reading['wall']:.1f}",
            f"{reading['cpu']:.1f}",
            f"{reading['peak_mb']:.0f}",
            f"{reading['written'] / 1e6:.0f}",
        )
        for step, reading in figures.items()
    ]
    print(f"{options.pairs:,} pairs of {options.faces:,} images")
    print(rounds.table(("step", "heap", "s", "CPU s", "peak MB", "written MB"), rows), flush=True)
    shutil.rmtree(folder / "pairs")
    if options.check:
        compared = ("figures", "pairsDigest", "outcomesDigest")
        if any(figures["evaluate"][one] != figures["compute"][one] for one in compared):
            raise SystemExit(f"the pipeline and arrays say other things: {figures}")
        print(f"{len(figures['compute']['figures'])} figures and all outcomes are the same, bit for bit")
    return figures


def torch_python():
    """Python of a private environment with PyTorch, OpenCV and Pillow, installed on demand."""
    packages = "torch==2.7.1 numpy==2.2.6 opencv-python-headless==4.11.0.86 pillow==11.3.0"
    source = pathlib.Path(__file__).parent.parent / "shared" / "python.sh"
    command = f". {shlex.quote(str(source))} && python_environment bench-data {packages}"
    answer = subprocess.run(["bash", "-c", command], check=True, stdout=subprocess.PIPE, text=True)
    return answer.stdout.strip()


def worker(options, folder, heap, name="DataWorker"):
    """A Java process; what it spills is in the folder. Flink finds classes of the class path only."""
    log = open(folder / "java.log", "a", encoding="utf-8")
    classes, source = folder / "classes", pathlib.Path(__file__).with_name(f"{name}.java")
    path = options.java[-1]
    if not (classes / f"{name}.class").exists():
        compiler = [*options.java[:-2], "-m", "jdk.compiler/com.sun.tools.javac.Main", "-proc:none"]
        # java, unlike javac, hands the compiler a class path with its '*' left in
        folders = [pathlib.Path(part.removesuffix("*")) for part in path.split(":")]
        jars = ":".join(str(jar) for folder in folders for jar in folder.glob("*.jar"))
        compiler += ["-sourcepath", str(source.parent)]
        subprocess.run([*compiler, "-d", str(classes), "-cp", jars, str(source)], check=True)
    limits = [f"-Xmx{heap}", f"-Djava.io.tmpdir={folder}", "-cp", f"{path}:{classes}"]
    return rounds.Worker([*options.java[:-2], *limits, name], log)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=BENCHMARKS, action="append")
    parser.add_argument("--pictures", type=pathlib.Path, help="folder of aligned JPEG crops")
    parser.add_argument("--records", type=int, default=1_000_000, help="of the plan")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000], help="of the stages")
    parser.add_argument("--identities", type=int, default=100_000, help="at most, of the stages")
    parser.add_argument("--loaded", type=int, default=20_000, help="images of load (20000)")
    parser.add_argument("--pairs", type=int, default=1_000_000, help="of pairs (1000000)")
    parser.add_argument("--faces", type=int, default=50_000, help="of pairs (50000)")
    parser.add_argument("--people", type=int, default=3_531, help="of pairs (3531)")
    parser.add_argument("--width", type=int, default=512, help="of an embedding of pairs (512)")
    parser.add_argument("--bootstrap", type=int, default=10, help="rounds of intervals of pairs (10)")
    parser.add_argument("--pairs-heap", default="1g", help="of the evaluation of pairs (1g)")
    parser.add_argument("--check", action="store_true", help="compute pairs without a pipeline, too")
    parser.add_argument("--check-heap", default="3g")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--plan-heap", default="300m")
    parser.add_argument("--heap", default="1g", help="of the stages")
    parser.add_argument("--json", type=pathlib.Path, default=pathlib.Path("data-bench.json"))
    end = sys.argv.index("--end")
    options = parser.parse_args(sys.argv[end + 1 :])
    options.java = sys.argv[2:end]
    wanted = options.only or BENCHMARKS
    pictures = []
    if not {"plan", "threads", "pairs"}.issuperset(wanted):
        if options.pictures is None:
            parser.error("--pictures FOLDER: all but plan, threads and pairs need JPEG files")
        pictures = [path.read_bytes() for path in sorted(options.pictures.rglob("*.jpg"))[:2000]]
        if not pictures:
            parser.error(f"{options.pictures}: no .jpg file below it")
    started = rounds.machine()
    figures = {}
    with tempfile.TemporaryDirectory(prefix="facet-data-") as name:
        folder = pathlib.Path(name)
        if "plan" in wanted:
            figures["plan"] = plan(options, folder)
        if "stages" in wanted:
            figures["stages"] = stages(options, folder, pictures)
        if "read" in wanted:
            figures["read"] = read(options, folder, pictures)
        if "load" in wanted:
            figures["load"] = load(options, folder, pictures)
        if "threads" in wanted:
            figures["threads"] = threads(options, folder)
        if "pairs" in wanted:
            figures["pairs"] = pairs(options, folder)
    rounds.report(options.json, started, figures)


if __name__ == "__main__":
    main()
