"""Trains Facet's start in PyTorch with three methods and stores the loss of each step."""

import json
import math
import pathlib
import sys

import torch
from safetensors.torch import load_file
from torch.nn import functional

import networks

STEPS = 200
RATE = 3e-4


def no_method(student, teacher):
    return 0


def feature_consistency(student, teacher):
    difference = functional.normalize(student) - functional.normalize(teacher)
    return difference.square().sum(1).mean()


def relational(student, teacher):
    """RKD (Park et al. 2019), distances with weight 25 and angles with weight 50."""

    def distances(rows):
        d = (rows[:, None] - rows[None]).square().sum(2)
        d = torch.where(d > 0, d, torch.ones(())).sqrt() * (d > 0)
        return d / d[d > 0].mean()

    def angles(rows):
        e = functional.normalize(rows[None] - rows[:, None], dim=2)
        return e @ e.transpose(1, 2)

    return 25 * functional.smooth_l1_loss(
        distances(student), distances(teacher)
    ) + 50 * functional.smooth_l1_loss(angles(student), angles(teacher))


METHODS = {
    "none": no_method,
    "feature-consistency": feature_consistency,
    "rkd": relational,
}


def curve(start, method):
    student = networks.VisionTransformer(
        dim=16, depth=2, heads=2, patch=4, image=16, embedding=16
    )
    prefix = "student."
    networks.load(
        student, {k.removeprefix(prefix): v for k, v in start.items() if k.startswith(prefix)}
    )
    head = torch.nn.Linear(16, 4, bias=False)
    networks.load(head, {"weight": start["head.weight"]})
    images = start["images"].permute(0, 3, 1, 2).flip(1) / 127.5 - 1
    groups = networks.weight_groups([student, head], 5e-4)
    optimiser = torch.optim.SGD(groups, lr=RATE, momentum=0.9)
    losses = []
    for step in range(STEPS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 + math.cos(math.pi * step / STEPS)) / 2
        index = start["batches"][step].long()
        labels = start["labels"][index].long()
        optimiser.zero_grad()
        embeddings = student(images[index])
        logits = networks.arcface(embeddings, head.weight, labels, scale=4)
        loss = functional.cross_entropy(logits, labels)
        loss = loss + METHODS[method](embeddings, start["teacher"][index])
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], 5)
        optimiser.step()
        losses.append(float(f"{loss.item():.7g}"))
    return losses


def main():
    torch.set_num_threads(1)
    start = load_file(sys.argv[1])
    curves = {method: curve(start, method) for method in METHODS}
    lines = ",\n".join(f' "{name}": {json.dumps(values)}' for name, values in curves.items())
    pathlib.Path(sys.argv[2]).write_text("{\n" + lines + "\n}\n", encoding="utf-8")
    for name, values in curves.items():
        print(f"{name}: {values[0]:.4f} at first, {values[-1]:.4f} after {STEPS} steps")


if __name__ == "__main__":
    main()
