"""Reads a RecordIO file from end to end as a plain Python program would: every head and every payload."""

import json
import struct
import sys
import time


def read(file):
    """Number of images and bytes of their payloads."""
    images = payloads = 0
    with open(file, "rb") as rec:
        content = b""
        while head := rec.read(8):
            magic, word = struct.unpack("<II", head)
            if magic != 0xCED7230A:
                raise ValueError(f"{file}: no record at byte {rec.tell() - 8}")
            kind, length = word >> 29, word & (1 << 29) - 1
            part = rec.read(length)
            rec.read(-length % 4)
            content = part if kind < 2 else content + struct.pack("<I", magic) + part
            if kind in (0, 3):
                flag, _label, _key, _other = struct.unpack_from("<IfQQ", content)
                payload = content[24 + 4 * flag :]
                if payload:
                    images += 1
                    payloads += len(payload)
    return images, payloads


for line in sys.stdin:
    request = json.loads(line)
    began, processor = time.perf_counter(), time.process_time()
    images, payloads = read(request["file"])
    answer = {
        "images": images,
        "bytes": payloads,
        "wall": time.perf_counter() - began,
        "cpu": time.process_time() - processor,
    }
    print("=> " + json.dumps(answer), flush=True)
