"""Reads a RecordIO file from end to end as a plain Python program would, beside its index.

It does what Facet's reader does: each record's key and place from the index, its head, its labels and its
payload, and a set that is damaged or has another's index is refused.
"""

import json
import pathlib
import struct
import sys
import time

MAGIC = 0xCED7230A
WORD = struct.pack("<I", MAGIC)


def images(file):
    """Key, offset, labels and payload of each image."""
    with open(file, "rb") as rec, open(pathlib.Path(file).with_suffix(".idx"), encoding="ascii") as idx:
        size = rec.seek(0, 2)
        offset = rec.seek(0)
        for line in idx:
            key, listed = map(int, line.split())
            if listed != offset:
                raise ValueError(f"{file}: the index lists a record at byte {listed}, not {offset}")
            end = offset
            content = b""
            while True:
                magic, word = struct.unpack("<II", rec.read(8))
                kind, length = word >> 29, word & (1 << 29) - 1
                end += 8 + length + -length % 4
                if magic != MAGIC or kind > 3 or (kind in (0, 1)) != (not content) or end > size:
                    raise ValueError(f"{file}: no record at byte {offset}")
                part = rec.read(length)
                rec.read(-length % 4)
                content = content + WORD + part if content else part
                if kind in (0, 3):
                    break
            flag, label = struct.unpack_from("<If", content)
            if flag > (len(content) - 24) // 4:
                raise ValueError(f"{file}: {flag} labels in {len(content)} bytes at {offset}")
            labels = struct.unpack_from(f"<{flag}f", content, 24) if flag else (label,)
            payload = content[24 + 4 * flag :]
            if payload or flag != 2:
                yield key, offset, labels, payload
            offset = end


def read(file):
    """Number of images and bytes of their payloads."""
    count = payloads = 0
    for _key, _offset, _labels, payload in images(file):
        count += 1
        payloads += len(payload)
    return count, payloads


def main():
    for line in sys.stdin:
        request = json.loads(line)
        began, processor = time.perf_counter(), time.process_time()
        count, payloads = read(request["file"])
        answer = {
            "images": count,
            "bytes": payloads,
            "wall": time.perf_counter() - began,
            "cpu": time.process_time() - processor,
        }
        print("=> " + json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
