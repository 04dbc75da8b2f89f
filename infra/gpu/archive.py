"""Facet's TorchScript program, read from the Java sources and packed as TorchArchive packs it."""

import io
import re
import textwrap
import zipfile

SOURCES = "models/src/main/java"
MODULE = """class Module_(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
"""
# Pickle protocol 2 of an instance of the class whose state is {"training": False}.
INSTANCE = b"\x80\x02c__torch__\nModule_\n)\x81}(X\x08\x00\x00\x00training\x89ub."


class Unreadable(Exception):
    """The sources are not there, or hold no program as it is expected."""


def program(root):
    """All TorchScript methods in text blocks of the sources that write an archive, one text."""
    folder = root / SOURCES
    if not folder.is_dir():
        raise Unreadable(f"{folder} is missing: run the check from a checkout of Facet")
    texts = []
    for path in sorted(folder.rglob("*.java")):
        for block in re.findall(r'"""\n(.*?)"""', path.read_text(encoding="utf-8"), re.DOTALL):
            if "self: __torch__.Module_" not in block:
                continue
            if "\\" in block:
                raise Unreadable(f"{path}: the check does not understand escapes in TorchScript")
            texts.append(textwrap.dedent(block))
    if not texts:
        raise Unreadable(f"no TorchScript found in {folder}")
    return "".join(texts)


def functions(text):
    """Names of the program's methods."""
    return re.findall(r"^def (\w+)\(self: __torch__\.Module_", text, re.MULTILINE)


def load(text, device):
    """The loaded module."""
    import torch

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in {
            "data.pkl": INSTANCE,
            "code/__torch__.py": MODULE + textwrap.indent(text, "  "),
            "constants.pkl": b"\x80\x02).",
            "version": "10\n",
            "byteorder": "little",
        }.items():
            file.writestr("operators/" + name, content)
    packed.seek(0)
    return torch.jit.load(packed, map_location=device)
