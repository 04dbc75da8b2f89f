"""The PyTorch side: answers requests, one line of JSON each, with lines that start with "=> "."""

import json
import resource
import sys
import time

import numpy
import torch
from safetensors.torch import load_file
from torch.nn import functional

import networks


class Meter:
    """Wall time, processor time, system time and page faults since it was made."""

    def __init__(self):
        self.wall = time.perf_counter()
        self.usage = resource.getrusage(resource.RUSAGE_SELF)

    def reading(self, images):
        wall = time.perf_counter() - self.wall
        usage = resource.getrusage(resource.RUSAGE_SELF)
        user = usage.ru_utime - self.usage.ru_utime
        system = usage.ru_stime - self.usage.ru_stime
        return {
            "images": images,
            "wall": wall,
            "cpu": user + system,
            "system": system,
            "faults": usage.ru_minflt - self.usage.ru_minflt,
        }


def crops(request):
    """The images, uint8 (N, 112, 112, 3) BGR."""
    return numpy.fromfile(request["crops"], dtype=numpy.uint8).reshape(-1, 112, 112, 3)


def inputs(images, mirrored, layout):
    """Network input of some images: RGB, -1..1; some mirrored."""
    x = torch.from_numpy(images).permute(0, 3, 1, 2).flip(1)
    x = x.to(torch.float32).div_(127.5).sub_(1)
    if mirrored is not None:
        x = torch.where(mirrored[:, None, None, None], x.flip(3), x)
    return x.contiguous(memory_format=memory_format(layout))


def memory_format(layout):
    return torch.channels_last if layout == "channels-last" else torch.contiguous_format


def model(part, layout):
    built = networks.network(part["kind"], part["options"])
    networks.load(built, load_file(part["weights"]))
    return built.to(memory_format=memory_format(layout))


class Training:
    """A usual loop: SGD with momentum, weight decay on matrices, a clip by the network's norm."""

    def __init__(self, request):
        self.request = request
        self.layout = request["layout"]
        self.student = model(request["student"], self.layout).train()
        self.images = crops(request)
        self.head = torch.nn.Linear(512, request["classes"], bias=False)
        torch.nn.init.normal_(self.head.weight, std=0.01)
        groups = networks.weight_groups([self.student, self.head], 5e-4)
        self.optimiser = torch.optim.SGD(groups, lr=0.01, momentum=0.9, fused=True)
        self.generator = numpy.random.default_rng(1)

    def run(self, warm, steps, loss):
        """Runs steps; measures those after the warm ones."""
        batch = self.request["batch"]
        order = numpy.empty(0, dtype=numpy.int64)
        meter = None
        for step in range(warm + steps):
            if step == warm:
                meter = Meter()
            if len(order) < batch:
                order = self.generator.permutation(len(self.images))
            indices, order = order[:batch], order[batch:]
            mirrored = torch.from_numpy(self.generator.random(batch) < 0.5)
            labels = torch.from_numpy(indices % self.request["classes"])
            x = inputs(self.images[indices], mirrored, self.layout)
            self.optimiser.zero_grad()
            embeddings = self.student(x)
            logits = networks.arcface(embeddings, self.head.weight, labels)
            total = functional.cross_entropy(logits, labels) + loss(embeddings, x)
            total.backward()
            torch.nn.utils.clip_grad_norm_(self.student.parameters(), 5.0)
            self.optimiser.step()
            total.item()
        return meter.reading(steps * batch)


def train(request):
    return Training(request).run(request["warm"], request["steps"], lambda embeddings, x: 0)


def inference(request):
    layout = request["layout"]
    network = model(request["student"], layout).eval()
    images = crops(request)
    batch = request["batch"]
    with torch.inference_mode():
        for step in range(request["warm"] + request["steps"]):
            if step == request["warm"]:
                meter = Meter()
            start = step * batch % (len(images) - batch + 1)
            network(inputs(images[start : start + batch], None, layout)).numpy()
    return meter.reading(request["steps"] * batch)


def distil(request):
    """Feature consistency with a teacher that runs in every step."""
    teacher = model(request["teacher"], request["layout"]).eval()
    meter = Meter()
    training = Training(request)

    def loss(embeddings, x):
        with torch.inference_mode():
            target = functional.normalize(teacher(x))
        return (functional.normalize(embeddings) - target.clone()).square().sum(1).mean()

    steps = request["epochs"] * (len(training.images) // request["batch"])
    training.run(0, steps, loss)
    return meter.reading(steps * request["batch"])


def embed(request):
    """Embeddings of the first images, to check that both sides run the same network."""
    network = model(request["student"], request["layout"]).eval()
    with torch.inference_mode():
        x = inputs(crops(request)[: request["batch"]], None, request["layout"])
        return {"embeddings": network(x).flatten().tolist()}


def matmul(request):
    """The machine's matrix-multiply limit: 2048^3, single precision."""
    side = 2048
    left, right = torch.rand(side, side), torch.rand(side, side)
    torch.mm(left, right)
    meter = Meter()
    for _ in range(request["steps"]):
        torch.mm(left, right)
    return meter.reading(0) | {"gmac": request["steps"] * side**3 / 1e9}


TASKS = {f.__name__: f for f in (train, inference, distil, embed, matmul)}


def main():
    torch.set_num_threads(int(sys.argv[1]))
    for line in sys.stdin:
        request = json.loads(line)
        answer = TASKS[request["task"]](request)
        print("=> " + json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
