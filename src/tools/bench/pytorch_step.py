"""The peer of `deno task bench`: the same training step and evaluation in PyTorch on the CPU.

For every line on standard input, `train` or `evaluate`, runs one step and prints its seconds, so that
both programs can be timed in turn; or prints `failed: ` with the reason, and ends. Arguments: threads,
pictures, side in pixels, and a setting: `eager`, or some of `channels_last`, `compile`, `bfloat16`,
joined by `+`.
"""

import contextlib
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


def convolution(inputs, outputs, kernel=3, stride=1, relu=True):
    layers = [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
    ]
    return nn.Sequential(*layers, *([nn.ReLU(inplace=True)] if relu else []))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.path = nn.Sequential(
            convolution(inputs, outputs, 3, stride), convolution(outputs, outputs, relu=False)
        )
        identity = [nn.AvgPool2d(2, ceil_mode=True)] if stride > 1 else []
        if inputs != outputs:
            identity.append(convolution(inputs, outputs, 1, relu=False))
        self.identity = nn.Sequential(*identity)

    def forward(self, x):
        return F.relu_(self.path(x) + self.identity(x))


class Head(nn.Module):
    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm1d(2 * inputs),
            nn.Dropout(0.25),
            nn.Linear(2 * inputs, hidden, bias=False),
            nn.ReLU(inplace=True),
            nn.BatchNorm1d(hidden),
            nn.Dropout(0.5),
            nn.Linear(hidden, outputs, bias=False),
        )

    def forward(self, x):
        pools = (F.adaptive_max_pool2d(x, 1), F.adaptive_avg_pool2d(x, 1))
        return self.layers(torch.cat([pool.flatten(1) for pool in pools], 1))


def xresnet18(outputs):
    layers = [convolution(3, 32, stride=2), convolution(32, 32), convolution(32, 64)]
    layers.append(nn.MaxPool2d(3, 2, 1))
    inputs = 64
    for width in (64, 128, 256, 512):
        layers += [Block(inputs, width, 1 if inputs == width else 2), Block(width, width, 1)]
        inputs = width
    return nn.Sequential(*layers, Head(inputs, 512, outputs))


def bfloat16():
    return torch.autocast("cpu", torch.bfloat16)


def main():
    threads, pictures, size = (int(argument) for argument in sys.argv[1:4])
    words = sys.argv[4].split("+")
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    network = xresnet18(5)
    images = torch.randn(pictures, 3, size, size)
    labels = torch.arange(pictures) % 5
    if "channels_last" in words:
        network = network.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    optimiser = torch.optim.Adam(network.parameters(), 1e-4)
    if "compile" in words:
        if not hasattr(torch, "compile"):
            raise RuntimeError(f"PyTorch {torch.__version__} has no torch.compile")
        network = torch.compile(network, dynamic=False)
    precision = bfloat16 if "bfloat16" in words else contextlib.nullcontext

    def train():
        network.train()
        targets = F.one_hot(labels, 5).float()
        targets[:, 0] = 0
        with precision():
            logits = network(images)
        F.binary_cross_entropy_with_logits(logits.float(), targets).backward()
        optimiser.step()
        optimiser.zero_grad()

    def evaluate():
        network.eval()
        with torch.no_grad(), precision():
            torch.sigmoid(network(images))

    steps = {"train": train, "evaluate": evaluate}
    for line in sys.stdin:
        start = time.perf_counter()
        steps[line.strip()]()
        print(time.perf_counter() - start, flush=True)


try:
    main()
except Exception as error:
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    print(f"failed: {reason}", flush=True)
