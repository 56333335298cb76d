#!/usr/bin/python3
"""Golden values: what PyTorch and Pillow compute, laid out for TensorFlow.js (NHWC, HWIO, [in, out]).

usage: make.py FOLDER [SEED]      (Debian: python3-torch python3-sklearn python3-pil)

Every file is JSON; a tensor is {"shape": [...], "data": [flat row-major floats]}. The random
numbers of one file follow those of the file before, so the order of the files is part of the values.
"""
import json
import math
import os
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from PIL import Image
from sklearn.metrics import average_precision_score, roc_auc_score

from layout import hwio, nhwc, tensor
from reference_network import xresnet


def main(folder, seed):
    os.makedirs(folder, exist_ok=True)
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    contents = [
        ("losses", losses),
        ("metrics", metrics),
        ("open_set", lambda: open_set(rng)),
        ("schedule", schedule),
        ("adam", lambda: adam(rng)),
        ("layers", layers),
        ("xresnet", lambda: xresnet(seed)),
        ("resize", lambda: resize(rng, seed)),
        ("augment", augment),
        ("feature_losses", feature_losses),
    ]
    for name, content_of in contents:
        path = os.path.join(folder, f"{name}.json")
        with open(path, "w") as file:
            json.dump(content_of(), file, separators=(",", ":"))
        print(name, os.path.getsize(path))


def losses():
    """Mean over all N*C elements for the BCE forms; mean over N for CE. Gradients are by logits."""
    cases = []
    sizes = [(7, 5, 2., None), (48, 5, 4., None), (4, 5, 60., None), (6, 5, 2., [0] * 6), (5, 4, 2., None)]
    for count, outputs, scale, given in sizes:
        logits = (torch.randn(count, outputs) * scale).requires_grad_()
        labels = torch.tensor(given) if given else torch.randint(0, outputs, (count,))
        case = {"logits": tensor(logits), "labels": labels.tolist()}
        for kind in ["ce", "bce", "bcena"]:
            if kind == "ce":
                loss = F.cross_entropy(logits, labels)
            else:
                targets = F.one_hot(labels, outputs).float()
                if kind == "bcena":
                    targets[:, 0] = 0
                loss = F.binary_cross_entropy_with_logits(logits, targets)
            gradient, = torch.autograd.grad(loss, logits)
            case[kind] = {"loss": float(loss), "grad": tensor(gradient)}
        cases.append(case)
    return cases


def metrics():
    """Figures of sigmoid scores; label 0 is "na"."""
    cases = []
    for count, outputs in [(200, 5), (1, 5), (60, 3)]:
        logits = torch.randn(count, outputs) * 2
        labels = torch.randint(0, outputs, (count,))
        scores = logits.sigmoid()
        case = {"scores": tensor(scores), "labels": labels.tolist(), "thresholds": {}}
        for threshold in [0.0, 0.4, 0.5, 0.9, 1.0]:
            highest, decided = scores.max(-1)
            decided = decided.clone()
            decided[highest < threshold] = 0
            confusion = np.zeros((outputs, outputs), int)
            np.add.at(confusion, (labels.numpy(), decided.numpy()), 1)
            case["thresholds"][str(threshold)] = {
                "decoded": decided.tolist(),
                "accuracyWithNa": float((decided == labels).float().mean()),
                "confusion": confusion.tolist(),
            }
        known = labels != 0
        correct = scores.argmax(-1) == labels
        case["accuracy"] = float(correct.float().mean())
        case["accuracyWithoutNa"] = float(correct[known].float().mean()) if known.any() else None
        cases.append(case)
    return cases


def open_set(rng):
    """Curves over all thresholds: a higher score is more known; ties included."""
    cases = []
    for known_count, unknown_count in [(50, 80), (300, 200), (5, 3)]:
        known = np.round(rng.beta(5, 2, known_count), 2)
        unknown = np.round(rng.beta(2, 4, unknown_count), 2)
        correct = rng.random(known_count) < .85
        thresholds = np.unique(np.concatenate([known, unknown, [-np.inf, np.inf]]))[::-1]
        is_known = np.r_[np.ones(known_count), np.zeros(unknown_count)]
        scores = np.r_[known, unknown]
        fpr95 = min((unknown >= t).mean() for t in thresholds if (known >= t).mean() >= .95)
        fpr = [float((unknown >= t).mean()) for t in thresholds]
        ccr = [float((correct & (known >= t)).mean()) for t in thresholds]
        cases.append({
            "known": known.tolist(),
            "unknown": unknown.tolist(),
            "correct": correct.tolist(),
            "auroc": float(roc_auc_score(is_known, scores)),
            "auprIn": float(average_precision_score(is_known, scores)),
            "auprOut": float(average_precision_score(1 - is_known, -scores)),
            "fprAt95Tpr": float(fpr95),
            "oscr": {"fpr": fpr, "ccr": ccr, "area": float(np.trapz(ccr, fpr))},
            "note": "score >= threshold counts as accepted; fprAt95Tpr = lowest FPR with TPR >= .95, known is "
                    "positive; area = trapezoid of CCR over FPR",
        })
    return cases


def schedule():
    """fine_tune(20, freeze_epochs=2): the groups' learning rates [stem, stages, head] and momentum, by batch."""
    def cosine(start, end, position):
        return start + (1 + math.cos(math.pi * (1 - position))) * (end - start) / 2

    def one_cycle(rates, pct, div, momenta=(.95, .85, .95), final_div=1e5):
        def between(low, middle, high, position):
            if position < pct:
                return cosine(low, middle, position / pct)
            return cosine(middle, high, (position - pct) / (1 - pct))
        return lambda position: (
            [between(rate / div, rate, rate / final_div, position) for rate in rates],
            between(*momenta, position),
        )

    cases = []
    base = 2e-3
    for batches in [80, 7]:
        phases = []
        for name, epochs, rates, pct, div in [
            ("frozen", 2, [base / 10, base / 10, base], .99, 25.),
            ("unfrozen", 20, [base / 2 / 100, base / 2 / 10, base / 2], .3, 5.),
        ]:
            at = one_cycle(rates, pct, div)
            total = epochs * batches
            rows = []
            for batch in sorted({0, 1, 2, batches - 1, batches, total // 3, total // 2, total - batches,
                                 total - 2, total - 1}):
                rate, momentum = at(batch / total)
                rows.append({"batch": batch, "lr": rate, "mom": momentum})
            phases.append({"phase": name, "epochs": epochs, "maxLr": rates, "pctStart": pct, "div": div,
                           "divFinal": 1e5, "rows": rows})
        cases.append({"batchesPerEpoch": batches, "phases": phases})
    return cases


def adam(rng):
    """As fastai steps it: decoupled weight decay, eps outside the root, debias with the current momentum."""
    cases = []
    for decay in [0.01, 0.0]:
        parameter = torch.randn(9).double()
        mean = torch.zeros(9).double()
        squared_mean = torch.zeros(9).double()
        case = {"wd": decay, "sqrMom": .99, "eps": 1e-5, "start": tensor(parameter, 12), "steps": []}
        for step in range(1, 8):
            gradient = torch.randn(9).double() * 10**rng.uniform(-4, 1)
            rate = 10**rng.uniform(-5, -2)
            momentum = rng.uniform(.85, .95)
            parameter = parameter * (1 - rate * decay)
            mean = mean * momentum + gradient * (1 - momentum)
            squared_mean = squared_mean * .99 + gradient * gradient * .01
            root = (squared_mean / (1 - .99**step)).sqrt()
            parameter = parameter - rate / (1 - momentum**step) * mean / (root + 1e-5)
            case["steps"].append({"grad": tensor(gradient, 12), "lr": float(rate), "mom": float(momentum),
                                  "param": tensor(parameter, 12)})
        cases.append(case)
    return cases


def layers():
    """Forward and backward: dy is given, the gradients are vector-Jacobian products."""
    def convolution(count, height, width, inputs, outputs, kernel, stride):
        x = torch.randn(count, inputs, height, width, requires_grad=True)
        fan_in = inputs * kernel * kernel
        weights = (torch.randn(outputs, inputs, kernel, kernel) / math.sqrt(fan_in)).requires_grad_()
        y = F.conv2d(x, weights, stride=stride, padding=kernel // 2)
        dy = torch.randn_like(y)
        dx, dw = torch.autograd.grad(y, [x, weights], dy)
        return {"kernel": kernel, "stride": stride, "pad": kernel // 2, "x": tensor(nhwc(x)),
                "w": tensor(hwio(weights)), "y": tensor(nhwc(y)), "dy": tensor(nhwc(dy)),
                "dx": tensor(nhwc(dx)), "dw": tensor(hwio(dw))}

    def batch_norm(count, height, width, channels):
        norm = nn.BatchNorm2d(channels)
        norm.weight.data.uniform_(.5, 1.5)
        norm.bias.data.normal_()
        x = (torch.randn(count, channels, height, width) * 3 + 1).requires_grad_()
        y = norm(x)
        dy = torch.randn_like(y)
        dx, dgamma, dbeta = torch.autograd.grad(y, [x, norm.weight, norm.bias], dy)
        norm.eval()
        return {"eps": 1e-5, "gamma": tensor(norm.weight), "beta": tensor(norm.bias), "x": tensor(nhwc(x)),
                "y": tensor(nhwc(y)), "dy": tensor(nhwc(dy)), "dx": tensor(nhwc(dx)), "dgamma": tensor(dgamma),
                "dbeta": tensor(dbeta), "runningMean": tensor(norm.running_mean),
                "runningVar": tensor(norm.running_var), "yEval": tensor(nhwc(norm(x))),
                "note": "running stats start at 0 and 1, momentum .1; the running variance is the unbiased one"}

    def pool(pooled, count, height, width, channels):
        x = torch.randn(count, channels, height, width, requires_grad=True)
        y = pooled(x)
        dy = torch.randn_like(y)
        dx, = torch.autograd.grad(y, x, dy)
        return {"x": tensor(nhwc(x)), "y": tensor(nhwc(y)), "dy": tensor(nhwc(dy)), "dx": tensor(nhwc(dx))}

    def maximum(x):
        return F.max_pool2d(x, 3, 2, 1)

    def average(x):
        return F.avg_pool2d(x, 2, 2, ceil_mode=True)

    return {
        "conv": [convolution(2, 9, 7, 3, 8, 3, 2), convolution(1, 8, 8, 8, 12, 3, 1),
                 convolution(2, 5, 6, 5, 7, 3, 1), convolution(1, 4, 4, 16, 8, 1, 1),
                 convolution(3, 1, 1, 4, 4, 3, 1)],
        "batchNorm": [batch_norm(4, 3, 3, 6), batch_norm(2, 5, 4, 3)],
        "maxPool3x3s2p1": [pool(maximum, 2, 8, 8, 3), pool(maximum, 2, 7, 5, 3)],
        "avgPool2x2ceil": [pool(average, 2, 8, 8, 3), pool(average, 2, 7, 5, 3)],
    }


def resize(rng, seed):
    """Resize(128, Pad, Reflection): reflect-pad (no repeated edge) to a square of the long side, then Pillow's
    BILINEAR."""
    def resized(picture, size, pad_x, pad_y):
        height, width, _ = picture.shape
        side = max(width, height)
        left, top = -int(pad_x * (width - side)), -int(pad_y * (height - side))
        right, bottom = side - width - left, side - height - top
        square = np.pad(picture, ((top, bottom), (left, right), (0, 0)), mode="reflect")
        return np.asarray(Image.fromarray(square).resize((size, size), Image.BILINEAR))

    cases = []
    for width, height, size, pad_x, pad_y in [
        (20, 14, 8, .5, .5), (13, 21, 16, .25, .9), (12, 12, 12, .5, .5), (10, 8, 16, .5, .0),
    ]:
        waves = np.sin(np.arange(width * height * 3).reshape(height, width, 3) * .13 * seed)
        noise = rng.integers(-30, 30, (height, width, 3))
        picture = (127 + 90 * waves + noise).clip(0, 255).astype(np.uint8)
        cases.append({"width": width, "height": height, "pixels": picture.ravel().tolist(), "size": size,
                      "padFraction": [pad_x, pad_y], "out": resized(picture, size, pad_x, pad_y).ravel().tolist()})
    return cases


def augment():
    """One batch for given draws: flip, rotate and zoom in one affine map, then warp of the grid, one bilinear
    sample with reflection (align_corners), then brightness and contrast on logits."""
    def logit(x):
        x = x.clamp(1e-7, 1 - 1e-7)
        return -(1 / x - 1).log()

    count = 4
    x = torch.rand(count, 3, 16, 16)
    draws = {
        "flip": [False, True, True, False],
        "degrees": [0., 7.5, -10., 3.],
        "zoom": [1., 1.1, 1.03, 1.],
        "zoomCentre": [[.5, .5], [.2, .9], [1., 0.], [.5, .5]],
        "warp": [[0., 0.], [.2, -.1], [-.15, .05], [.1, .2]],
        "brightness": [.5, .6, .45, .4],
        "contrast": [1., 1.2, .8, 1 / .8],
    }
    maps = torch.eye(3).repeat(count, 1, 1)
    for n in range(count):
        flip = torch.diag(torch.tensor([-1. if draws["flip"][n] else 1., 1., 1.]))
        angle = math.radians(draws["degrees"][n])
        cos, sin = math.cos(angle), math.sin(angle)
        rotation = torch.tensor([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1.]])
        scale = 1 / draws["zoom"][n]
        centre_x, centre_y = draws["zoomCentre"][n]
        zoom = torch.tensor([[scale, 0, (1 - scale) * (2 * centre_x - 1)],
                             [0, scale, (1 - scale) * (2 * centre_y - 1)],
                             [0, 0, 1.]])
        maps[n] = flip @ rotation @ zoom
    grid = F.affine_grid(maps[:, :2], x.shape, align_corners=True)
    for n in range(count):
        perspective = warp_map(*draws["warp"][n])
        points = grid[n].reshape(-1, 2)
        points = points @ perspective[:, :2].T + perspective[:, 2]
        grid[n] = (points[:, :2] / points[:, 2:]).reshape(16, 16, 2)
    y = F.grid_sample(x, grid, mode="bilinear", padding_mode="reflection", align_corners=True)
    brightness = logit(torch.tensor(draws["brightness"]))[:, None, None, None]
    contrast = torch.tensor(draws["contrast"])[:, None, None, None]
    z = torch.sigmoid((logit(y) + brightness) * contrast)
    return {"x": tensor(nhwc(x)), "draws": draws, "geometric": tensor(nhwc(y)), "out": tensor(nhwc(z)),
            "note": "pixels in [0,1]; grid coordinates in [-1,1], x right, y down; warp = [x_t, y_t]"}


def warp_map(x, y):
    """The perspective map [3, 3] that moves the corners of the picture by x and y."""
    corners = torch.tensor([[-1., -1], [-1, 1], [1, -1], [1, 1]])
    moved = torch.tensor([[-1 - y, -1 - x], [-1 + y, 1 + x], [1 + y, -1 + x], [1 - y, 1 - x]])
    equations, values = [], []
    for (to_x, to_y), (from_x, from_y) in zip(corners, moved):
        equations += [[from_x, from_y, 1, 0, 0, 0, -to_x * from_x, -to_x * from_y],
                      [0, 0, 0, from_x, from_y, 1, -to_y * from_x, -to_y * from_y]]
        values += [to_x, to_y]
    solution = torch.linalg.solve(torch.tensor(equations), torch.tensor(values))
    return torch.cat([solution, torch.ones(1)]).reshape(3, 3)


def feature_losses():
    """Entropic open-set and objectosphere (Dhamija, Guenther and Boult 2018); label -1 is unknown. Means over N,
    in 64 bits from 32-bit inputs; no gradient by the features where the loss has none."""
    unknown = -1
    cases = []
    for note, labels, outputs, logit_scale, norms, weight, minimum_norm in [
        ("mixed", [0, unknown, 2, unknown, 3, 1, unknown], 4, 2., "mixed", 1e-4, 50.),
        ("all known", [3, 0, 1, 2, 4], 5, 2., [20.] * 5, 1e-4, 50.),
        ("all unknown", [unknown] * 5, 5, 2., [20.] * 5, 1e-4, 50.),
        ("large logits", [1, unknown, 0, unknown], 4, 60., [30.] * 4, 1e-4, 50.),
        ("features 0", [0, unknown, 2, unknown], 3, 2., [0.] * 4, 1e-4, 50.),
        ("short features", [0, unknown, 2, unknown], 3, 2., [1e-4, 1e-4, 1e-2, 1e-2], 1., 50.),
        ("long features", [0, unknown, 2, unknown], 3, 2., [400., 400., 60., 60.], 1e-4, 50.),
        ("other options", [2, unknown, 1, 0, unknown, 2], 3, 2., "mixed", .05, 6.),
        ("one known picture", [1], 2, 2., [7.], .01, 10.),
        ("one unknown picture", [unknown], 2, 2., [7.], .01, 10.),
    ]:
        count = len(labels)
        if norms == "mixed":
            norms = torch.linspace(.3, 2.2, count).double() * minimum_norm
        directions = F.normalize(torch.randn(count, 12).double(), dim=1)
        features = (directions * torch.as_tensor(norms).double()[:, None]).float()
        logits = torch.randn(count, outputs) * logit_scale
        case = {"note": note, "labels": labels, "logits": tensor(logits, 9), "features": tensor(features, 9)}
        logits, features = logits.double().requires_grad_(), features.double().requires_grad_()
        is_unknown = torch.tensor(labels) == unknown
        targets = F.one_hot(torch.tensor(labels).clamp(min=0), outputs).double()
        targets[is_unknown] = 1 / outputs
        entropic = -(targets * F.log_softmax(logits, dim=1)).sum(1)
        lengths = features.norm(dim=1)
        prices = torch.where(is_unknown, lengths**2, F.relu(minimum_norm - lengths)**2)
        by_logits, = torch.autograd.grad(entropic.mean(), logits, retain_graph=True)
        case["entropicOpenSet"] = {"loss": float(entropic.mean()), "gradLogits": tensor(by_logits)}
        loss = (entropic + weight * prices).mean()
        by_logits, by_features = torch.autograd.grad(loss, [logits, features])
        case["objectosphere"] = {"weight": weight, "minimumNorm": minimum_norm, "loss": float(loss),
                                 "gradLogits": tensor(by_logits), "gradFeatures": tensor(by_features)}
        cases.append(case)
    return cases


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
