"""fastai's xresnet18 with its classification head, without dropout, in PyTorch."""
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from layout import hwio, tensor


def xresnet(seed):
    """A whole narrow xresnet18 with its head, in training mode without dropout. Weights and input are formulas
    ("weights" and "input" below), so that no file is needed for them."""
    stem, widths, hidden, outputs = (4, 4, 8), (8, 16, 32, 64), 16, 5
    network = XResNet18(stem, widths, hidden, outputs)
    parameters = [(name, module, set_reference_weights(module, index)) for index, (name, module) in enumerate(
        (name, module) for name, module in network.named_modules() if isinstance(module, (nn.Conv2d, nn.Linear)))]

    flat = np.arange(4 * 48 * 48 * 3)
    values = np.sin(flat * (0.37 + seed * 1e-3)) + np.cos(flat * 0.011 * seed)
    images = torch.tensor(values, dtype=torch.float32).reshape(4, 48, 48, 3).permute(0, 3, 1, 2)
    labels = torch.tensor([0, 1, 4, 2])
    targets = F.one_hot(labels, outputs).float()
    targets[:, 0] = 0
    network.train()
    logits = network(images)
    loss = F.binary_cross_entropy_with_logits(logits, targets)
    loss.backward()

    def gradient(module):
        by_weight = module.weight.grad
        return (hwio(by_weight) if by_weight.dim() == 4 else by_weight.t()).contiguous().reshape(-1)

    full_stem, full_widths, full_hidden = (32, 32, 64), (64, 128, 256, 512), 512
    full_size = XResNet18(full_stem, full_widths, full_hidden, outputs)
    content = {
        "input": f"x[j] = sin(j*{0.37 + seed * 1e-3}) + cos(j*{0.011 * seed}), j flat over [4,48,48,3]",
        "weights": "parameter number i in the order of params (0-based), flat index j in the TensorFlow layout "
                   "([kh,kw,in,out] or [in,out]): sqrt(2/fanIn) * sqrt(2) * sin(1.7*j + 13*i + 1), "
                   "fanIn = kh*kw*in; every batch norm gamma 1 but 0.5 for the last one of a block's convpath, "
                   "beta 0.001; no dropout",
        "note": "train mode: batch statistics; loss is bcena; gradFirst8 are the first 8 gradient entries in the "
                "TensorFlow layout; logitsEvalAfterOneTrainForward uses the running statistics after exactly one "
                "training forward (start 0 and 1, momentum .1)",
        "labels": labels.tolist(),
        "stem": list(stem),
        "widths": list(widths),
        "hidden": hidden,
        "classes": outputs,
        "paramCount": parameter_count(network),
        "fullSize": {"stem": list(full_stem), "widths": list(full_widths), "hidden": full_hidden,
                     "classes": outputs, "paramCount": parameter_count(full_size)},
        "logits": tensor(logits),
        "bcenaLoss": float(loss),
        "params": [{"name": name, "shape": shape, "gradNorm": float(gradient(module).norm()),
                    "gradFirst8": tensor(gradient(module)[:8])["data"]} for name, module, shape in parameters],
    }
    network.eval()
    content["logitsEvalAfterOneTrainForward"] = tensor(network(images))
    return content


def set_reference_weights(module, index):
    """As "weights" says; returns the shape in the TensorFlow layout."""
    weight = module.weight
    shape = list(hwio(weight).shape) if weight.dim() == 4 else list(weight.t().shape)
    fan_in = weight[0].numel()
    waves = np.sin(1.7 * np.arange(weight.numel()) + 13 * index + 1)
    values = math.sqrt(2 / fan_in) * math.sqrt(2) * waves
    values = torch.tensor(values, dtype=torch.float32).reshape(shape)
    weight.data = values.permute(3, 2, 0, 1).contiguous() if weight.dim() == 4 else values.t().contiguous()
    return shape


def convolution_layer(inputs, outputs, kernel=3, stride=1, relu=True, last_of_block=False):
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
    norm = nn.BatchNorm2d(outputs)
    nn.init.constant_(norm.bias, 1e-3)
    nn.init.constant_(norm.weight, .5 if last_of_block else 1.)
    return nn.Sequential(convolution, norm, *([nn.ReLU()] if relu else []))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.convpath = nn.Sequential(
            convolution_layer(inputs, outputs, 3, stride),
            convolution_layer(outputs, outputs, 3, 1, False, True),
        )
        self.idpath = nn.Sequential(
            *([nn.AvgPool2d(2, ceil_mode=True)] if stride > 1 else []),
            *([convolution_layer(inputs, outputs, 1, 1, False)] if inputs != outputs else []),
        )

    def forward(self, x):
        return F.relu(self.convpath(x) + self.idpath(x))


class XResNet18(nn.Module):
    def __init__(self, stem, widths, hidden, outputs):
        super().__init__()
        first, second, third = stem
        self.stem = nn.Sequential(convolution_layer(3, first, 3, 2), convolution_layer(first, second),
                                  convolution_layer(second, third))
        blocks = []
        inputs = third
        for stage, width in enumerate(widths):
            blocks += [Block(inputs, width, 1 if stage == 0 else 2), Block(width, width, 1)]
            inputs = width
        self.blocks = nn.Sequential(*blocks)
        self.bn1 = nn.BatchNorm1d(2 * inputs)
        self.l1 = nn.Linear(2 * inputs, hidden, bias=False)
        self.bn2 = nn.BatchNorm1d(hidden)
        self.l2 = nn.Linear(hidden, outputs, bias=False)
        for norm in (self.bn1, self.bn2):
            nn.init.constant_(norm.bias, 1e-3)

    def forward(self, x):
        x = self.blocks(F.max_pool2d(self.stem(x), 3, 2, 1))
        x = torch.cat([F.adaptive_max_pool2d(x, 1), F.adaptive_avg_pool2d(x, 1)], 1).flatten(1)
        return self.l2(self.bn2(F.relu(self.l1(self.bn1(x)))))


def parameter_count(network):
    return sum(parameter.numel() for parameter in network.parameters())
