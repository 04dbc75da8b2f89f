"""Raw embeddings of listed faces by OpenCV and ONNX Runtime: a chain without Facet."""

import cv2
import numpy as np
import onnxruntime

TEMPLATE = np.array(
    [
        [38.2946, 51.6963],
        [73.5318, 51.5014],
        [56.0252, 71.7366],
        [41.5493, 92.3655],
        [70.7299, 92.2041],
    ]
)


def similarity(points):
    """Umeyama's similarity (1991, eq. 40 to 43) from an image to the template, (2, 3)."""
    source, target = points - points.mean(0), TEMPLATE - TEMPLATE.mean(0)
    u, s, vt = np.linalg.svd(target.T @ source / len(points))
    sign = np.array([1, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ np.diag(sign) @ vt
    scale = (s @ sign) / source.var(axis=0).sum()
    shift = TEMPLATE.mean(0) - scale * rotation @ points.mean(0)
    return np.hstack([scale * rotation, shift[:, None]])


def embeddings(lists, images, model, mean, deviation):
    """One row a face, one crop each: (x / 255 - mean) / deviation in RGB."""
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    rows = []
    for file, points in zip(lists.names, lists.landmarks):
        pixels = cv2.imread(str(images / file), cv2.IMREAD_COLOR)
        if pixels is None:
            raise SystemExit(f"{images / file} is no image")
        matrix = similarity(points.astype(np.float64))
        crop = cv2.warpAffine(pixels, matrix, (112, 112), flags=cv2.INTER_LINEAR)
        planes = (crop[:, :, ::-1] / 255.0 - mean) / deviation
        rows.append(
            session.run(None, {name: planes.transpose(2, 0, 1)[None].astype(np.float32)})[0][0]
        )
    return np.array(rows)
