"""The trainings that trainer_pytorch_test.ts compares with, in PyTorch.

Reads a folder written by record.ts (initial values, every batch, every dropout mask), trains as the
article's protocol says, and prints the history and the final values as JSON. Shares no code with
the project: network, losses, optimiser, schedule, freezing and metrics are written again.

Usage: training.py FOLDER float32|float64
"""

import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F


class Reader:
    """Reads little-endian arrays one after another from a file."""

    def __init__(self, path):
        self.file = open(path, "rb")

    def floats(self, *shape):
        return np.fromfile(self.file, "<f4", math.prod(shape)).reshape(shape)

    def integers(self, count):
        return np.fromfile(self.file, "<i4", count)


class Training:
    def __init__(self, folder, dtype):
        with open(f"{folder}/run.json") as file:
            self.run = json.load(file)
        self.folder = folder
        self.dtype = dtype
        reader = Reader(f"{folder}/values.bin")
        self.values = {}
        self.roles = {}
        for variable in self.run["variables"]:
            value = torch.tensor(reader.floats(*variable["shape"]), dtype=dtype)
            self.values[variable["name"]] = from_tensorflow(value)
            if variable["role"]:
                self.roles[variable["name"]] = variable["role"]

    def norm(self, x, name, training):
        value = self.values
        return F.batch_norm(
            x,
            value[f"{name}.mean"],
            value[f"{name}.variance"],
            value[f"{name}.gamma"],
            value[f"{name}.beta"],
            training,
            momentum=0.1,
            eps=1e-5,
        )

    def convolution(self, x, name, stride, training):
        weight = self.values[f"{name}.0"]
        convolved = F.conv2d(x, weight, stride=stride, padding=weight.shape[-1] // 2)
        return self.norm(convolved, f"{name}.1", training)

    def forward(self, x, masks):
        training = masks is not None
        x = x.permute(0, 3, 1, 2)
        for layer in range(3):
            x = F.relu(self.convolution(x, f"stem.{layer}", 2 if layer == 0 else 1, training))
        x = F.max_pool2d(x, 3, 2, 1)
        blocks = {name.split(".")[1] for name in self.values if name.startswith("blocks.")}
        for block in range(len(blocks)):
            # Two blocks a stage; every stage but the first begins by halving the picture.
            stride = 2 if block > 0 and block % 2 == 0 else 1
            name = f"blocks.{block}"
            y = F.relu(self.convolution(x, f"{name}.convpath.0", stride, training))
            y = self.convolution(y, f"{name}.convpath.1", 1, training)
            if stride == 2:
                x = F.avg_pool2d(x, 2, ceil_mode=True)
            projection = f"{name}.idpath.{stride - 1}"
            if f"{projection}.0" in self.values:
                x = self.convolution(x, projection, 1, training)
            x = F.relu(x + y)
        # Not amax: of equal maxima, the first one alone gets the gradient, as in the article.
        x = torch.cat([F.adaptive_max_pool2d(x, 1).flatten(1), x.mean((2, 3))], 1)
        x = self.norm(x, "head.norm1", training)
        if training:
            x = x * masks[0]
        x = F.relu(F.linear(x, self.values["l1"]))
        x = self.norm(x, "head.norm2", training)
        if training:
            x = x * masks[1]
        return F.linear(x, self.values["l2"])

    def loss(self, logits, labels):
        if self.run["experiment"] == "ce":
            return F.cross_entropy(logits, labels)
        targets = F.one_hot(labels, logits.shape[1]).to(self.dtype)
        if self.run["experiment"] == "bcena":
            targets[:, 0] = 0
        return F.binary_cross_entropy_with_logits(logits, targets)

    def step(self, state, group_rates, momentum, trained):
        state["steps"] += 1
        for name in trained:
            role = self.roles[name]
            value, gradient = self.values[name], self.values[name].grad
            mean, squares = state["means"].setdefault(
                name, (torch.zeros_like(value), torch.zeros_like(value))
            )
            rate = group_rates[role["group"]]
            with torch.no_grad():
                if role["kind"] != "batch norm":
                    value.mul_(1 - rate * 0.01)
                mean.mul_(momentum).add_(gradient, alpha=1 - momentum)
                squares.mul_(0.99).addcmul_(gradient, gradient, value=1 - 0.99)
                unbiased = (squares / (1 - 0.99 ** state["steps"])).sqrt() + 1e-5
                value.addcdiv_(mean, unbiased, value=-rate / (1 - momentum ** state["steps"]))

    def train(self):
        batches = Reader(f"{self.folder}/training.bin")
        size, count = self.run["size"], self.run["batchSize"]
        history = []
        for phase in self.run["phases"]:
            frozen = phase["frozen"]
            trained = [
                name
                for name, role in self.roles.items()
                if role["group"] not in frozen or role["kind"] == "batch norm"
            ]
            for name in self.roles:
                self.values[name].requires_grad_(name in trained)
            state = {"steps": 0, "means": {}}
            smoothed = 0
            total = phase["epochs"] * self.run["batchesPerEpoch"]
            for epoch in range(phase["epochs"]):
                for _ in range(self.run["batchesPerEpoch"]):
                    images = batches.floats(count, size, size, 3)
                    labels = batches.integers(count)
                    masks = [batches.floats(count, width) for width in self.run["maskWidths"]]
                    rates, momentum = one_cycle(phase["schedule"], state["steps"] / total)
                    logits = self.forward(
                        torch.tensor(images, dtype=self.dtype),
                        [torch.tensor(mask, dtype=self.dtype) for mask in masks],
                    )
                    loss = self.loss(logits, torch.tensor(labels, dtype=torch.int64))
                    for name in trained:
                        self.values[name].grad = None
                    loss.backward()
                    self.step(state, rates, momentum, trained)
                    smoothed = 0.98 * smoothed + 0.02 * loss.item()
                row = {
                    "phase": phase["name"],
                    "train_loss": smoothed / (1 - 0.98 ** state["steps"]),
                    **self.validate(),
                }
                print(row, file=sys.stderr, flush=True)
                history.append(row)
        return history

    @torch.no_grad()
    def validate(self):
        batches = Reader(f"{self.folder}/validation.bin")
        size, left = self.run["size"], self.run["validationPictures"]
        logits, labels = [], []
        while left > 0:
            count = min(left, self.run["validationBatchSize"])
            images = torch.tensor(batches.floats(count, size, size, 3), dtype=self.dtype)
            labels.append(torch.tensor(batches.integers(count), dtype=torch.int64))
            logits.append(self.forward(images, None))
            left -= count
        logits, labels = torch.cat(logits), torch.cat(labels)
        highest, answers = logits.max(1)
        row = {
            "valid_loss": self.loss(logits, labels).item(),
            "accuracy": share(answers == labels),
            "accuracy_without_na": None,
            "accuracy_with_na": None,
        }
        if self.run["experiment"] in ("bce-na", "bcena"):
            known = labels != 0
            rejected = torch.where(torch.sigmoid(highest) < 0.4, 0, answers)
            row["accuracy_without_na"] = share(answers[known] == labels[known])
            row["accuracy_with_na"] = share(rejected == labels)
        return row


def from_tensorflow(value):
    """From [height, width, in, out] or [in, out] to PyTorch's order of axes."""
    if value.ndim == 4:
        return value.permute(3, 2, 0, 1).contiguous()
    return value.T.contiguous() if value.ndim == 2 else value


def to_tensorflow(value):
    if value.ndim == 4:
        return value.permute(2, 3, 1, 0)
    return value.T if value.ndim == 2 else value


def one_cycle(schedule, position):
    start = schedule["pctStart"]

    def anneal(first, peak, last):
        if position < start:
            low, high, progress = first, peak, position / start
        else:
            low, high, progress = peak, last, (position - start) / (1 - start)
        return low + (high - low) * (1 - math.cos(math.pi * progress)) / 2

    highest = schedule["maxLearningRates"]
    if not isinstance(highest, dict):
        highest = {group: highest for group in ("stem", "stages", "head")}
    rates = {
        group: anneal(rate / schedule["div"], rate, rate / schedule["finalDiv"])
        for group, rate in highest.items()
    }
    return rates, anneal(0.95, 0.85, 0.95)


def share(right):
    return right.double().mean().item()


def rounded(value):
    return float(f"{value:.9g}")


def main():
    folder, dtype = sys.argv[1:]
    training = Training(folder, getattr(torch, dtype))
    history = training.train()
    final = {}
    for name, value in training.values.items():
        flat = to_tensorflow(value.detach()).flatten()
        final[name] = {
            "norm": rounded(flat.norm().item()),
            "first": [rounded(number) for number in flat[:4].tolist()],
        }
    print(json.dumps({"torch": torch.__version__, "history": history, "values": final}))


main()
