"""Decodes, mirrors and normalises batches of a RecordIO file as a usual PyTorch training does.

A map-style dataset over the index, a DataLoader without worker processes or with one, as trainings
have them; pixels scaled to -1..1; decoded by OpenCV or by Pillow.
"""

import io
import json
import pathlib
import resource
import struct
import sys
import time

import cv2
import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

cv2.setNumThreads(1)
torch.set_num_threads(1)


def opencv(payload):
    pixels = cv2.imdecode(np.frombuffer(payload, np.uint8), cv2.IMREAD_COLOR)
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)


def pillow(payload):
    return np.array(Image.open(io.BytesIO(payload)).convert("RGB"))


class Crops(Dataset):
    """Images of a .rec by its .idx, half of them mirrored."""

    def __init__(self, file, decode):
        self.rec = open(file, "rb")
        self.decode = decode
        lines = pathlib.Path(file).with_suffix(".idx").read_text(encoding="ascii").splitlines()
        places = [int(line.split()[1]) for line in lines]
        _label, last = struct.unpack("<2f", self._content(places[0])[24:32])
        self.places = places[1 : len(places) - int(last - _label)]

    def _content(self, place):
        self.rec.seek(place)
        _magic, word = struct.unpack("<II", self.rec.read(8))
        return self.rec.read(word & (1 << 29) - 1)

    def __len__(self):
        return len(self.places)

    def __getitem__(self, index):
        content = self._content(self.places[index])
        flag, label = struct.unpack_from("<If", content)
        pixels = self.decode(content[24 + 4 * flag :])
        if torch.rand(1).item() < 0.5:
            pixels = np.ascontiguousarray(pixels[:, ::-1])
        image = torch.from_numpy(pixels).permute(2, 0, 1).float().sub_(127.5).div_(127.5)
        return image, int(label)


def load(file, decode, batch, images, workers):
    """Images of the first batches of an epoch, and the sum of their values."""
    crops = Crops(file, decode)
    loader = DataLoader(crops, batch_size=batch, shuffle=True, drop_last=True, num_workers=workers)
    seen, total = 0, 0.0
    batches = iter(loader)
    for batch_images, _labels in batches:
        seen += len(batch_images)
        total += float(batch_images[0, 0, 0, 0])
        if seen >= images:
            break
    del batches  # ends the worker, whose processor time is known then
    return seen, total


def processor_seconds():
    """Of this process and of workers that ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def main():
    for line in sys.stdin:
        request = json.loads(line)
        decode = {"opencv": opencv, "pillow": pillow}[request["decoder"]]
        began, processor = time.perf_counter(), processor_seconds()
        seen, total = load(
            request["file"], decode, request["batch"], request["images"], request["workers"]
        )
        answer = {
            "images": seen,
            "sum": total,
            "wall": time.perf_counter() - began,
            "cpu": processor_seconds() - processor,
        }
        print("=> " + json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
