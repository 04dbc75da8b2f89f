"""Writes training sets of InsightFace of any size: FILE.rec with FILE.idx, by the standard library alone.

Payloads are whole JPEG files of a folder, taken in turn; a comment with the record's number makes each
of them another image. Without a folder a record holds a few bytes that are no image: enough to plan by.
"""

import argparse
import pathlib
import struct

MAGIC = 0xCED7230A
WORD = struct.pack("<I", MAGIC)


def record(key, labels, payload):
    """One record as MXNet writes it: divided where the magic word stands at a multiple of four."""
    flag = 0 if len(labels) == 1 else len(labels)
    content = struct.pack("<IfQQ", flag, labels[0] if flag == 0 else 0.0, key, 0)
    if flag:
        content += struct.pack(f"<{flag}f", *labels)
    content += payload
    cuts = []
    place = content.find(WORD)
    while place >= 0:
        if place % 4 == 0:
            cuts.append(place)
            place += 3
        place = content.find(WORD, place + 1)
    parts = []
    begin = 0
    for cut in [*cuts, len(content)]:
        last = cut == len(content)
        kind = (0 if last else 1) if begin == 0 else (3 if last else 2)
        part = content[begin:cut]
        parts.append(struct.pack("<II", MAGIC, kind << 29 | len(part)) + part)
        parts.append(b"\0" * (-len(part) % 4))
        begin = cut + 4
    return b"".join(parts)


def numbered(picture, key):
    """The same picture as another file: a JPEG comment behind its first marker."""
    comment = b"%d" % key
    return picture[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + picture[2:]


def write(file, records, identities, pictures):
    """A set with its head, images and identity records, as InsightFace's tools lay it out."""
    with open(file, "wb") as rec, open(file.with_suffix(".idx"), "w", encoding="ascii") as idx:

        def add(key, labels, payload):
            idx.write(f"{key}\t{rec.tell()}\n")
            rec.write(record(key, labels, payload))

        add(0, (records + 1, records + 1 + identities), b"")
        for i in range(records):
            key = i + 1
            payload = numbered(pictures[i % len(pictures)], key) if pictures else b"%016d" % key
            add(key, (i * identities // records,), payload)
        for i in range(identities):
            first = 1 + -(-i * records // identities)
            last = 1 + -(-(i + 1) * records // identities)
            add(records + 1 + i, (first, last), b"")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=pathlib.Path, help="the .rec file")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--identities", type=int, default=10_000)
    parser.add_argument("--pictures", type=pathlib.Path, help="folder of JPEG files")
    options = parser.parse_args()
    pictures = []
    if options.pictures:
        pictures = [path.read_bytes() for path in sorted(options.pictures.rglob("*.jpg"))[:2000]]
        if not pictures:
            parser.error(f"{options.pictures}: no .jpg file below it")
    options.file.parent.mkdir(parents=True, exist_ok=True)
    write(options.file, options.records, min(options.identities, options.records), pictures)


if __name__ == "__main__":
    main()
