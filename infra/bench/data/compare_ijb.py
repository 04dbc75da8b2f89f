"""Compares template figures with NumPy: on pictures, and at the size of IJB-C."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import ijb_lists
import ijb_reference
import rounds

HERE = pathlib.Path(__file__).parent
SIZE = {"faces": 469_375, "templates": 23_124, "people": 3_531, "same": 19_557, "different": 15_638_932}
QUICK = {"faces": 20_000, "templates": 2_000, "people": 300, "same": 2_000, "different": 400_000}


def arguments(words):
    parser = argparse.ArgumentParser(prog="infra/bench/ijb", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a twenty-fifth of IJB-C")
    parser.add_argument("--rounds", type=int, default=1, help="of both sides in turn (1)")
    parser.add_argument("--bootstrap", type=int, default=10, help="rounds of our intervals (10)")
    parser.add_argument("--width", type=int, default=512, help="of an embedding (512)")
    parser.add_argument("--heap", default="3g", help="of Java (3g)")
    parser.add_argument("--image-pairs", action="store_true", help="as many pairs of images, Facet alone")
    parser.add_argument("--gate", action="store_true", help="with --image-pairs: two models before a gate")
    parser.add_argument("--lists", type=pathlib.Path, help="compare on pictures: folder of lists")
    parser.add_argument("--images", type=pathlib.Path, help="their pictures")
    parser.add_argument("--landmarks", type=pathlib.Path, help="CSV of five points, for --pairs")
    parser.add_argument("--pairs", type=pathlib.Path, help="CSV pairs instead of --lists: each image a template")
    parser.add_argument("--model", type=pathlib.Path, help="ONNX file, ImageNet mean and deviation")
    parser.add_argument("--json", type=pathlib.Path, default=pathlib.Path(".facet/bench/ijb.json"))
    parser.add_argument("--java", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def differences(ours, theirs):
    """Prints both sides of every figure; the largest difference."""
    rows = [
        (name, f"{ours[name]:.9f}", f"{value:.9f}", f"{abs(ours[name] - value):.1e}")
        for name, value in theirs.items()
    ]
    print(rounds.table(("figure", "ours", "NumPy", "difference"), rows), flush=True)
    return max(abs(ours[name] - value) for name, value in theirs.items())


def on_pictures(options):
    import ijb_embed

    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        meta = place / "meta"
        if options.pairs:
            ijb_lists.derive_singles(options.landmarks, options.pairs, meta)
        else:
            meta.mkdir()
            for file in options.lists.iterdir():
                (meta / file.name).write_bytes(file.read_bytes())
            lists = ijb_lists.read(meta)
            if not lists.galleries:
                ijb_lists.write_galleries(meta, "cfpdev", ijb_lists.people(lists))
        (place / "loose_crop").symlink_to(options.images.resolve())
        lists = ijb_lists.read(meta)
        mean, deviation = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
        command = options.java + ["io.facet.pipelines.cli.FacetCommand", "evaluate"]
        command += ["--model", str(options.model), "--on", f"ijb:{place}", "--no-flip"]
        command += ["--input", f"{{mean: {mean}, standardDeviation: {deviation}}}"]
        subprocess.run(command + ["--json", str(place / "ours.json")], check=True)
        metrics = json.loads((place / "ours.json").read_text())["metrics"]
        ours = {row["name"]: row["value"] for row in metrics}
        embeddings = ijb_embed.embeddings(
            lists, place / "loose_crop", options.model, mean, deviation
        )
        print(f"largest difference {differences(ours, ijb_reference.measure(lists, embeddings)):.1e}")


def numpy_side(folder, faces, width):
    """Figures and seconds of the reference; runs in a process of its own."""
    times, cpu = {}, {}
    since, worked = time.perf_counter(), time.process_time()

    def lap(part):
        nonlocal since, worked
        now, work = time.perf_counter(), time.process_time()
        times[part], since = now - since, now
        cpu[part], worked = work - worked, work

    import numpy as np

    lists = ijb_lists.read(folder)
    lap("lists")
    embeddings = np.fromfile(folder / "embeddings.f32", dtype="<f4").reshape(faces, width)
    lap("embeddings")
    numbers, features = ijb_reference.templates(lists, embeddings)
    lap("templates")
    score = ijb_reference.scores(lists, numbers, features, precise=False)
    lap("scores")
    figures = ijb_reference.verification(lists, score)
    lap("verification")
    figures |= ijb_reference.identification(lists, numbers, features, precise=False)
    lap("identification")
    with open("/proc/self/status", encoding="ascii") as status:
        peak = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:"))
    answer = {"figures": figures, "seconds": times, "cpu": cpu, "peakMegabytes": peak}
    print("=> " + json.dumps(answer))


def answer(command):
    process = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return next(json.loads(line[3:]) for line in process.stdout.splitlines() if line[:3] == "=> ")


def row(name, ours, theirs, of):
    """Seconds of both sides, by wall and processor; a ratio above 1 says that Facet is quicker."""
    cells = [name]
    for clock in ("seconds", "cpu"):
        one, other = (side.median(lambda r: of(r, clock)) for side in (ours, theirs))
        cells += [f"{one:.2f}", f"{other:.2f}", f"{other / one:.2f}"]
    return cells


def at_size(options):
    size = QUICK if options.quick else SIZE
    started = rounds.machine()
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        ijb_lists.draw(
            folder, size["faces"], size["templates"], size["people"], size["same"],
            size["different"], options.width, seed=7,
        )
        ours, theirs = rounds.Series("ours"), rounds.Series("theirs")
        for _ in range(options.rounds):
            words = [str(folder), str(folder / "embeddings.f32"), str(options.width)]
            ours.add(
                answer(
                    options.java
                    + [f"-Xmx{options.heap}", str(HERE / "IjbWorker.java"), *words, str(options.bootstrap)]
                )
            )
            theirs.add(answer([sys.executable, __file__, "--numpy", place, str(size["faces"]), str(options.width)]))
    largest = differences(ours.readings[0]["figures"], theirs.readings[0]["figures"])
    print(f"largest difference {largest:.1e}; NumPy's products are in single precision")
    parts = list(theirs.readings[0]["seconds"])
    rows = [row(part, ours, theirs, lambda r, of, p=part: r[of][p]) for part in parts]
    rows.append(row("whole", ours, theirs, lambda r, of: sum(r[of].values())))
    print(rounds.table(("seconds", "Facet", "NumPy", "ratio", "Facet CPU", "NumPy CPU", "ratio"), rows))
    memory = [side.median(lambda r: r["peakMegabytes"]) for side in (ours, theirs)]
    print(f"peak memory: Facet {memory[0]:.0f} MB, NumPy {memory[1]:.0f} MB")
    rounds.report(options.json, started, {"size": size, "ours": ours.readings, "theirs": theirs.readings})


def on_image_pairs(options):
    """Whether a heap is enough to measure as many pairs of images, with what it costs."""
    size = QUICK if options.quick else SIZE
    numbers = [size["same"], size["different"], size["faces"], size["people"], options.bootstrap]
    began = time.perf_counter()
    command = options.java + [f"-Xmx{options.heap}", str(HERE / "PairsWorker.java")]
    task = "gate" if options.gate else "measure"
    measured = answer(command + [str(number) for number in numbers] + [task])
    print(rounds.table(("figure", "value"), [(name, f"{value:.9f}") for name, value in measured["figures"].items()]))
    print(
        f"{size['same'] + size['different']} pairs of {size['faces']} images, heap {options.heap}:"
        f" {measured['cpu']:.1f} s of processors, {time.perf_counter() - began:.1f} s"
    )


def main():
    if sys.argv[1:2] == ["--numpy"]:
        numpy_side(pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
        return
    options = arguments(sys.argv[1:])
    if options.model:
        on_pictures(options)
    elif options.image_pairs:
        on_image_pairs(options)
    else:
        at_size(options)


if __name__ == "__main__":
    main()
