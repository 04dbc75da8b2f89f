"""Lists in the layout of IJB-B and IJB-C: reading, drawing and deriving them."""

import pathlib

import numpy as np


class Lists:
    """Faces joined to templates, and pairs of templates; galleries where there are some."""

    def __init__(self, names, templates, media, landmarks, scores, left, right, same, searched):
        self.names, self.templates, self.media = names, templates, media
        self.landmarks, self.scores = landmarks, scores
        self.left, self.right, self.same = left, right, same
        self.galleries, self.probes = searched


def _one(folder, ending):
    found = sorted(folder.glob("*" + ending))
    if len(found) != 1:
        raise SystemExit(f"{folder}: {len(found)} lists *{ending} instead of one")
    return found[0]


def _subjects(file):
    rows = np.loadtxt(file, dtype=int, delimiter=",", skiprows=1, usecols=(0, 1), ndmin=2)
    _, first = np.unique(rows[:, 0], return_index=True)
    return rows[np.sort(first)]


def read(folder):
    """The lists of a folder."""
    faces = np.loadtxt(_one(folder, "_face_tid_mid.txt"), dtype=str, ndmin=2)
    points = np.loadtxt(_one(folder, "_name_5pts_score.txt"), dtype=str, ndmin=2)
    pairs = np.loadtxt(_one(folder, "_template_pair_label.txt"), dtype=np.int32, ndmin=2)
    if not np.array_equal(faces[:, 0], points[:, 0]):
        raise SystemExit(f"{folder}: the lists name different images")
    numbers = points[:, 1:].astype(np.float32)
    galleries = [_subjects(file) for file in sorted(folder.glob("*_1N_gallery_*.csv"))]
    probes = _subjects(_one(folder, "_1N_probe_mixed.csv")) if galleries else None
    return Lists(
        faces[:, 0],
        faces[:, 1].astype(np.int32),
        faces[:, 2].astype(np.int32),
        numbers[:, :10].reshape(-1, 5, 2),
        numbers[:, 10],
        pairs[:, 0],
        pairs[:, 1],
        pairs[:, 2] == 1,
        (galleries, probes),
    )


def people(lists):
    """A number of a person for each template, from the pairs of one person."""
    parent = {int(t): int(t) for t in np.unique(lists.templates)}

    def root(template):
        while parent[template] != template:
            parent[template] = parent[parent[template]]
            template = parent[template]
        return template

    for one, other in zip(lists.left[lists.same], lists.right[lists.same]):
        one, other = root(int(one)), root(int(other))
        parent[max(one, other)] = min(one, other)
    return {template: root(template) for template in parent}


def write_galleries(folder, prefix, subjects):
    """Two galleries of half the people each, by their first template; all others are probes."""
    firsts = {}
    for template, person in sorted(subjects.items()):
        firsts.setdefault(person, template)
    order = sorted(firsts)
    half = len(order) // 2
    probes = [t for t in sorted(subjects) if t not in set(firsts.values())]
    lists = {
        "gallery_G1": [firsts[person] for person in order[:half]],
        "gallery_G2": [firsts[person] for person in order[half:]],
        "probe_mixed": probes,
    }
    for name, templates in lists.items():
        lines = "".join(f"{t},{subjects[t]}\n" for t in templates)
        (folder / f"{prefix}_1N_{name}.csv").write_text("TEMPLATE_ID,SUBJECT_ID\n" + lines)


def _write_faces(folder, prefix, names, templates, media, landmarks, scores):
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{prefix}_face_tid_mid.txt", "w", encoding="ascii") as out:
        out.writelines(f"{n} {t} {m}\n" for n, t, m in zip(names, templates, media))
    with open(folder / f"{prefix}_name_5pts_score.txt", "w", encoding="ascii") as out:
        for name, points, score in zip(names, landmarks, scores):
            numbers = " ".join(f"{value:.3f}" for value in np.ravel(points))
            out.write(f"{name} {numbers} {score:.6f}\n")


def draw(folder, faces, templates, people_count, same_pairs, different_pairs, width, seed):
    """Writes lists of that size and ``embeddings.f32`` (faces, width) of people and noise."""
    random = np.random.default_rng(seed)
    folder = pathlib.Path(folder)
    person = np.sort(
        np.concatenate(
            [
                np.arange(people_count),
                random.integers(0, people_count, templates - people_count),
            ]
        )
    )
    template = np.sort(
        np.concatenate(
            [np.arange(templates), random.integers(0, templates, faces - templates)]
        )
    ).astype(np.int32)
    media = np.cumsum(random.random(faces) < 0.4) + 1
    media += np.cumsum(np.diff(template, prepend=template[0]) > 0)  # no medium in two templates
    names = [f"{i + 1}.jpg" for i in range(faces)]
    points = np.array([[38, 52], [74, 52], [56, 72], [42, 92], [71, 92]], dtype=np.float32)
    scores = random.uniform(0.6, 1, faces)
    landmarks = np.broadcast_to(points, (faces, 5, 2))
    _write_faces(folder, "ijbc", names, template + 1, media, landmarks, scores)

    starts = np.searchsorted(person, np.arange(people_count))
    counts = np.bincount(person, minlength=people_count)
    one = random.integers(0, templates, 3 * same_pairs)
    other = starts[person[one]] + random.integers(0, counts[person[one]])
    kept = np.flatnonzero(one != other)[:same_pairs]
    left = random.integers(0, templates, different_pairs)
    right = random.integers(0, templates, different_pairs)
    right = np.where(person[left] == person[right], (right + counts.max()) % templates, right)
    label = np.concatenate([np.ones(len(kept), int), (person[left] == person[right]).astype(int)])
    pairs = np.stack(
        [np.concatenate([one[kept], left]) + 1, np.concatenate([other[kept], right]) + 1, label], 1
    )
    random.shuffle(pairs)
    with open(folder / "ijbc_template_pair_label.txt", "w", encoding="ascii") as out:
        for start in range(0, len(pairs), 1 << 20):
            part = pairs[start : start + (1 << 20)].tolist()
            out.writelines(f"{a} {b} {c}\n" for a, b, c in part)
    write_galleries(folder, "ijbc", {int(t) + 1: int(p) + 1 for t, p in enumerate(person)})

    centres = random.standard_normal((people_count, width), dtype=np.float32)
    with open(folder / "embeddings.f32", "wb") as out:
        for start in range(0, faces, 1 << 14):
            owner = person[template[start : start + (1 << 14)]]
            noise = random.standard_normal((len(owner), width), dtype=np.float32)
            ((0.25 * centres[owner] + 1.5 * noise) * 2).astype("<f4").tofile(out)


def derive_singles(landmarks, pairs, folder):
    """Lists in which each image of a pair list is a template of its own (harder than templates)."""
    import csv

    with open(landmarks, encoding="utf-8") as file:
        rows = {row["path"]: row for row in csv.DictReader(file)}
    with open(pairs, encoding="utf-8") as file:
        listed = [row for row in csv.DictReader(file)]
    names = sorted({row[side] for row in listed for side in ("left", "right")} & rows.keys())
    number = {name: i + 1 for i, name in enumerate(names)}
    axes = [f"{point}_{axis}" for point in ("re", "le", "nose", "rm", "lm") for axis in "xy"]
    points = np.array([[float(rows[n][axis]) for axis in axes] for n in names]).reshape(-1, 5, 2)
    scores = [float(rows[n]["score"]) for n in names]
    templates = [number[n] for n in names]
    folder = pathlib.Path(folder)
    _write_faces(folder, "singles", names, templates, templates, points, scores)
    with open(folder / "singles_template_pair_label.txt", "w", encoding="ascii") as out:
        for row in listed:
            if row["left"] in number and row["right"] in number:
                out.write(f"{number[row['left']]} {number[row['right']]} {row['same']}\n")
