"""The figures of template protocols by NumPy alone: what Facet's are compared with."""

import numpy as np

FALSE_ACCEPT_RATES = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
FALSE_POSITIVE_RATES = (0.01, 0.1)
RANKS = (1, 5, 10)
BATCH = 100_000


def templates(lists, embeddings, keep_norm=True, detector_score=True):
    """Template numbers in rising order and their unit features: media averaged, then summed."""
    features = np.array(embeddings, dtype=np.float32)
    if not keep_norm:
        features /= np.linalg.norm(features, axis=1, keepdims=True)
    if detector_score:
        features *= lists.scores[:, None]
    order = np.lexsort((lists.media, lists.templates))
    template, media = lists.templates[order], lists.media[order]
    starts = np.flatnonzero(
        np.r_[True, (template[1:] != template[:-1]) | (media[1:] != media[:-1])]
    )
    sums = np.add.reduceat(features[order], starts, axis=0, dtype=np.float64)
    means = sums / np.diff(np.r_[starts, len(order)])[:, None]
    first = np.flatnonzero(np.r_[True, template[starts][1:] != template[starts][:-1]])
    joined = np.add.reduceat(means, first, axis=0)
    joined /= np.linalg.norm(joined, axis=1, keepdims=True)
    return template[starts][first], joined.astype(np.float32)


def scores(lists, numbers, features, precise):
    """The cosine of each pair; in double precision if asked for, as InsightFace does otherwise."""
    left = np.searchsorted(numbers, lists.left)
    right = np.searchsorted(numbers, lists.right)
    wide = features.astype(np.float64) if precise else features
    out = np.empty(len(left), dtype=np.float32)
    for start in range(0, len(left), BATCH):
        part = slice(start, start + BATCH)
        out[part] = np.einsum("ij,ij->i", wide[left[part]], wide[right[part]])
    return out


def curve(score, same):
    """False and true accept rates at each distinct score, from above, with (0, 0) before."""
    order = np.argsort(-score, kind="stable")
    score, same = score[order], same[order]
    last = np.r_[np.flatnonzero(score[1:] != score[:-1]), len(score) - 1]
    accepted = np.cumsum(same)[last]
    wrongly = last + 1 - accepted
    return np.r_[0, wrongly / wrongly[-1]], np.r_[0, accepted / accepted[-1]]


def bends(false_accepts, true_accepts, same, different):
    """Places where the curve bends, with the first two and the last."""
    steps = np.stack(
        [np.diff(np.rint(false_accepts * different)), np.diff(np.rint(true_accepts * same))]
    )
    inner = 1 + np.flatnonzero((steps[:, 1:] != steps[:, :-1]).any(axis=0))
    return np.unique(np.r_[0, min(1, len(false_accepts) - 1), inner, len(false_accepts) - 1])


def verification(lists, score):
    """Area under the curve and true accept rates at the nearest bend."""
    same = int(lists.same.sum())
    different = len(score) - same
    false_accepts, true_accepts = curve(score, lists.same)
    figures = {"area-under-curve": float(np.trapezoid(true_accepts, false_accepts))}
    kept = bends(false_accepts, true_accepts, same, different)
    for rate in FALSE_ACCEPT_RATES:
        if different >= 1 / rate - 1e-6:
            distance = np.abs(false_accepts[kept] - rate)
            nearest = true_accepts[kept][distance == distance.min()].max()
            figures[f"tar-at-far-{rate:.0e}"] = float(nearest)
    return figures


def _rows(numbers, features, subjects):
    return features[np.searchsorted(numbers, subjects[:, 0])], subjects[:, 1]


def identification(lists, numbers, features, precise):
    """Rates over all mated probes of all galleries; open-set rates averaged over galleries."""
    if not lists.galleries:
        return {}
    wide = features.astype(np.float64) if precise else features
    probes, wanted = _rows(numbers, wide, lists.probes)
    places, positive, strangers = [], {rate: [] for rate in FALSE_POSITIVE_RATES}, []
    for subjects in lists.galleries:
        gallery, known = _rows(numbers, wide, subjects)
        similarity = probes @ gallery.T
        order = np.argsort(known)
        own = order[np.searchsorted(known[order], wanted) % len(known)]
        mated = known[own] == wanted
        others = np.sort(similarity[~mated].max(axis=1))[::-1]
        strangers.append(len(others))
        rows = similarity[mated]
        column = own[mated][:, None]
        mine = np.take_along_axis(rows, column, 1)
        before = (rows > mine) | ((rows == mine) & (np.arange(len(known)) < column))
        places.append(before.sum(axis=1))
        np.put_along_axis(rows, column, -np.inf, 1)
        beats = mine[:, 0] > rows.max(axis=1)
        for rate in FALSE_POSITIVE_RATES:
            threshold = others[max(int(len(others) * rate) - 1, 0)]
            positive[rate].append((beats & (mine[:, 0] > threshold)).mean())
    place = np.concatenate(places)
    figures = {f"rank-{rank}": float((place < rank).mean()) for rank in RANKS}
    for rate in FALSE_POSITIVE_RATES:
        if min(strangers) >= 1 / rate - 1e-6:
            figures[f"tpir-at-fpir-{rate:.0e}"] = float(np.mean(positive[rate]))
    return figures


def measure(lists, embeddings, precise=True, **how):
    """All figures of raw embeddings (faces, width), both views added with flip fusion."""
    numbers, features = templates(lists, embeddings, **how)
    figures = verification(lists, scores(lists, numbers, features, precise))
    return figures | identification(lists, numbers, features, precise)
