#!/usr/bin/env python3
"""Golden values of what the study compares: from pytorch-ood where it has them, else from SciPy, scikit-learn and
NumPy, written from the papers' formulas.

usage: make_study.py FOLDER [SEED]      (PyPI: torch scikit-learn scipy pytorch-ood; the last with --no-deps)

Form of the files as in make.py.
"""
import json
import os
import sys

import numpy as np
import torch
from pytorch_ood.detector import KNN, RMD, ViM
from pytorch_ood.detector.openmax.numpy import OpenMax
from pytorch_ood.loss import EnergyRegularizedLoss, EntropicOpenSetLoss, ObjectosphereLoss
from pytorch_ood.metrics.functional import auroc, fpr_at_tpr, oscr_score
from scipy.optimize import brentq
from scipy.special import logsumexp
from scipy.stats import friedmanchisquare, norm, rankdata, studentized_range
from sklearn.metrics import average_precision_score, roc_auc_score, roc_curve

from layout import tensor

UNKNOWN = -1


def main(folder, seed):
    os.makedirs(folder, exist_ok=True)
    torch.set_num_threads(1)
    contents = [
        ("pytorch_ood_losses", pytorch_ood_losses),
        ("fitted_scores", fitted_scores),
        ("study_metrics", study_metrics),
        ("rank_tests", rank_tests),
    ]
    for name, content_of in contents:
        torch.manual_seed(seed)
        path = os.path.join(folder, f"{name}.json")
        with open(path, "w") as file:
            json.dump(content_of(np.random.default_rng(seed)), file, separators=(",", ":"))
        print(name, os.path.getsize(path))


def pytorch_ood_losses(rng):
    """Means over the N pictures of the losses that pytorch-ood gives each of them, in 64 bits; label -1 is unknown."""
    cases = []
    for note, labels, outputs, scale in [
        ("mixed", [0, UNKNOWN, 2, UNKNOWN, 3, 1, UNKNOWN], 4, 2.),
        ("all known", [3, 0, 1, 2, 4], 5, 2.),
        ("all unknown", [UNKNOWN] * 5, 5, 2.),
        ("large logits", [1, UNKNOWN, 0, UNKNOWN], 4, 60.),
    ]:
        logits = torch.randn(len(labels), outputs) * scale
        features = torch.randn(len(labels), 12) * 10
        case = {"note": note, "labels": labels, "logits": tensor(logits, 9), "features": tensor(features, 9)}
        # pytorch-ood gathers the losses of a batch in the default type.
        torch.set_default_dtype(torch.float64)
        target = torch.tensor(labels)
        energy = {"weight": .1, "knownMargin": -5., "unknownMargin": -1.}
        sphere = {"weight": 1e-3, "minimumNorm": 40.}
        energy_loss = EnergyRegularizedLoss(alpha=energy["weight"], margin_in=energy["knownMargin"],
                                            margin_out=energy["unknownMargin"], reduction="none")
        sphere_loss = ObjectosphereLoss(alpha=sphere["weight"], xi=sphere["minimumNorm"], reduction="none")
        for name, options, value_of in [
            ("energyRegularised", energy, lambda x, f: energy_loss(x, target)),
            ("entropicOpenSet", {}, lambda x, f: EntropicOpenSetLoss(reduction="none")(x, target)),
            ("objectosphere", sphere, lambda x, f: sphere_loss(x, f, target)),
        ]:
            x, f = logits.double().requires_grad_(), features.double().requires_grad_()
            loss = (value_of(x, f) + 0 * f.sum(1)).mean()
            by_logits, by_features = torch.autograd.grad(loss, [x, f])
            case[name] = {**options, "loss": loss.item(), "gradLogits": tensor(by_logits)}
            if name == "objectosphere":
                case[name]["gradFeatures"] = tensor(by_features)
        torch.set_default_dtype(torch.float32)
        cases.append(case)
    return cases


def fitted_scores(rng):
    """Scores fitted to training pictures: label -1 is na, which is the first output where there is one. In 64 bits
    from the formulas, and as pytorch-ood has them, in 32 bits (in its own units, made ours)."""
    cases = []
    for note, has_na, with_bias, width, spread in [
        ("no na", False, False, 10, 1.),
        ("na and bias", True, True, 12, 1.),
        ("singular features", False, True, 9, 0.),
    ]:
        known_classes = 4
        outputs = known_classes + has_na
        weights = rng.normal(size=(outputs, width)).round(4)
        bias = rng.normal(size=outputs).round(4) * with_bias
        centres = np.vstack([weights[has_na:], np.zeros((1, width))])

        def draw(count, labels):
            features = centres[labels] + rng.normal(size=(count, width))
            # A column that never changes makes covariances singular.
            features[:, -1] = spread * features[:, -1] + 1 - spread
            return features.round(4)

        labels = rng.permutation(np.repeat(np.r_[np.arange(known_classes), UNKNOWN], [60, 45, 50, 55, 40]))
        train = draw(len(labels), labels)
        test = np.vstack([draw(32, np.arange(32) % known_classes), draw(20, np.full(20, UNKNOWN)) * 2])
        test = test.round(4)
        if spread == 0:
            test[:, -1] = 1
        train_logits, test_logits = train @ weights.T + bias, test @ weights.T + bias
        known = labels != UNKNOWN
        x, y = train[known], labels[known]
        known_weights, known_bias = weights[has_na:], bias[has_na:]
        z, test_z = train_logits[known][:, has_na:], test_logits[:, has_na:]
        case = {"note": note, "hasNa": has_na, "weights": tensor(weights, 9), "bias": tensor(bias, 9),
                "training": {"features": tensor(train, 9), "logits": tensor(train_logits, 17),
                             "labels": labels.tolist()},
                "test": {"features": tensor(test, 9), "logits": tensor(test_logits, 17)}, "scores": {}}
        dimension = principal_dimension(x, known_weights, known_bias, .9)
        correct = z.argmax(1) == y
        for name, options, values, peer in [
            ("nearestNeighbours", {"neighbours": 7}, -knn(x, test, 7), -peer_knn(x, y, test, 7)),
            ("relativeMahalanobis", {}, -rmd(x, y, test), None if spread == 0 else -peer_rmd(x, y, test)),
            ("virtualLogit", {"explainedVariance": .9}, -vim(x, known_weights, known_bias, dimension, test),
             -peer_vim(x, y, known_weights, known_bias, dimension, test)),
            ("react", {"percentile": 80}, react(x, 80, test, known_weights, known_bias), None),
            ("openMax", {"tail": 8, "alpha": 3}, openmax(z[correct], y[correct], 8, 3, test_z),
             peer_openmax(z[correct], y[correct], 8, 3, test_z)),
        ]:
            case["scores"][name] = {"options": options, "values": tensor(values, 12)}
            if peer is not None:
                case["scores"][name]["pytorchOod"] = tensor(peer, 8)
        cases.append(case)
    return cases


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def knn(x, test, k):
    distances = np.linalg.norm(unit(test)[:, None] - unit(x)[None], axis=2)
    return np.sort(distances, axis=1)[:, k - 1]


def peer_knn(x, y, test, k):
    return KNN(None, k=k).fit_features(torch.tensor(x), torch.tensor(y)).predict_features(torch.tensor(test)).numpy()


def rmd(x, y, test):
    def squares(rows, mean, precision):
        return np.einsum("nd,de,ne->n", rows - mean, precision, rows - mean)

    means = np.stack([x[y == c].mean(0) for c in np.unique(y)])
    within = np.linalg.pinv((x - means[y]).T @ (x - means[y]) / len(x), hermitian=True)
    overall = np.linalg.pinv((x - x.mean(0)).T @ (x - x.mean(0)) / len(x), hermitian=True)
    nearest = np.min([squares(test, mean, within) for mean in means], axis=0)
    return nearest - squares(test, x.mean(0), overall)


def peer_rmd(x, y, test):
    """pytorch-ood leaves covariances as sums, so that its distances are N times smaller."""
    detector = RMD(None).fit_features(torch.tensor(x).float(), torch.tensor(y))
    return detector.predict_features(torch.tensor(test).float()).numpy() * len(x)


def principal_dimension(x, weights, bias, part):
    variances = np.linalg.eigvalsh(moments(x, weights, bias))[::-1]
    return int(np.searchsorted(np.cumsum(variances) / variances.sum(), part)) + 1


def moments(x, weights, bias):
    deviations = x + np.linalg.pinv(weights) @ bias
    return deviations.T @ deviations / len(x)


def vim(x, weights, bias, dimension, test):
    origin = -np.linalg.pinv(weights) @ bias
    residual = np.linalg.eigh(moments(x, weights, bias))[1][:, :x.shape[1] - dimension]
    outside = np.linalg.norm((x - origin) @ residual, axis=1)
    alpha = (x @ weights.T + bias).max(1).mean() / outside.mean()
    return alpha * np.linalg.norm((test - origin) @ residual, axis=1) - logsumexp(test @ weights.T + bias, axis=1)


def peer_vim(x, y, weights, bias, dimension, test):
    detector = ViM(None, d=dimension, w=torch.tensor(weights).float(), b=torch.tensor(bias).float())
    detector.fit_features(torch.tensor(x), torch.tensor(y))
    return detector.predict_features(torch.tensor(test)).numpy()


def react(x, percentile, test, weights, bias):
    return logsumexp(np.minimum(test, np.percentile(x, percentile)) @ weights.T + bias, axis=1)


def openmax(z, y, tail, alpha, test):
    """Log odds of known against unknown. Weibull distributions by maximum likelihood, of distances moved by 10,000."""
    tails = []
    for c in np.unique(y):
        centre = z[y == c].mean(0)
        largest = np.sort(np.linalg.norm(z[y == c] - centre, axis=1))[-tail:]
        logs = np.log(largest - largest[0] + 10_000)
        logs, shift = logs - logs.max(), logs.max()
        shape = brentq(lambda k: np.average(logs, weights=np.exp(k * logs)) - logs.mean() - 1 / k, 1e-3, 1e9,
                       xtol=1e-9, rtol=1e-15)
        log_scale = shift + np.log(np.exp(shape * logs).mean()) / shape
        tails.append((centre, largest[0], shape, log_scale))
    scores = []
    for row in test:
        revised, unknown = row.copy(), 0.
        for rank, c in enumerate(np.argsort(-row)[:alpha]):
            centre, smallest, shape, log_scale = tails[c]
            moved = np.linalg.norm(row - centre) - smallest + 10_000
            outside = -np.expm1(-np.exp(shape * (np.log(moved) - log_scale)))
            unknown += row[c] * outside * (alpha - rank) / alpha
            revised[c] -= row[c] * outside * (alpha - rank) / alpha
        scores.append(logsumexp(revised) - unknown)
    return np.array(scores)


def peer_openmax(z, y, tail, alpha, test):
    """pytorch-ood takes 0 for the distances from classes that are the highest for no picture of a batch."""
    if len(np.unique(test.argmax(1))) < test.shape[1]:
        return None
    unknown = OpenMax(tailsize=tail, alpha=alpha).fit(z, y).predict(test)[:, 0]
    return np.log1p(-unknown) - np.log(unknown)


def study_metrics(rng):
    """Measures of scores with ties; a higher score is more known. Each is the value that scikit-learn or pytorch-ood
    gives, which agree where both have it; ccrAtFpr is the highest CCR of a threshold with an FPR of at most that."""
    cases = []
    for known_count, others_count, digits in [(200, 300, 2), (57, 31, 1), (6, 9, 1), (150, 150, 12)]:
        known = rng.normal(1, 1, known_count).round(digits)
        others = rng.normal(0, 1, others_count).round(digits)
        correct = rng.random(known_count) < .8
        is_known = np.r_[np.ones(known_count), np.zeros(others_count)]
        scores = np.r_[known, others]
        outlier, labels = torch.tensor(-scores), torch.tensor(np.where(is_known == 1, 0, UNKNOWN))
        predictions = torch.tensor(np.r_[np.where(correct, 0, 1), np.zeros(others_count)]).long()
        area = float(roc_auc_score(is_known, scores))
        assert abs(area - float(auroc(outlier, labels))) < 1e-12
        others_positive = float(fpr_at_tpr(outlier, labels, .95))
        assert abs(others_positive - fpr95(1 - is_known, -scores)) < 1e-12
        thresholds = np.unique(scores)
        rates = [((others >= t).mean(), (correct & (known >= t)).mean()) for t in thresholds] + [(0., 0.)]
        cases.append({
            "known": known.tolist(), "others": others.tolist(), "correct": correct.tolist(),
            "auroc": area,
            "auprIn": float(average_precision_score(is_known, scores)),
            "auprOut": float(average_precision_score(1 - is_known, -scores)),
            "fprAt95Tpr": fpr95(is_known, scores),
            "fprAt95TprOfOthers": others_positive,
            "oscrArea": float(oscr_score(outlier, predictions, labels)),
            "ccrAtFpr": {str(limit): float(max(ccr for fpr, ccr in rates if fpr <= limit)) for limit in [.1, .01]},
        })
    return cases


def fpr95(positive, scores):
    fpr, tpr, _ = roc_curve(positive, scores, drop_intermediate=False)
    return float(fpr[tpr >= .95].min())


def rank_tests(rng):
    """Friedman's test, pairwise tests of mean ranks with Holm's correction, and Nemenyi's critical difference; a
    higher value is better."""
    cases = []
    for blocks, methods, digits in [(15, 8, 3), (10, 4, 1), (5, 2, 2), (15, 3, 1)]:
        values = (rng.normal(size=(blocks, methods)) + np.arange(methods) * .3).round(digits)
        ranks = rankdata(-values, axis=1).mean(0)
        # SciPy's test wants three methods.
        statistic, p = friedmanchisquare(*values.T) if methods > 2 else (None, None)
        deviation = np.sqrt(methods * (methods + 1) / (6 * blocks))
        pairs = [(first, second) for first in range(methods) for second in range(first + 1, methods)]
        probabilities = [2 * norm.sf(abs(ranks[a] - ranks[b]) / deviation) for a, b in pairs]
        cases.append({
            "values": values.tolist(), "meanRanks": ranks.tolist(), "statistic": statistic, "p": p,
            "pairs": [{"first": a, "second": b, "p": p, "corrected": corrected}
                      for (a, b), p, corrected in zip(pairs, probabilities, holm(probabilities))],
            "criticalDifference": studentized_range.ppf(.95, methods, np.inf) / np.sqrt(2) * deviation,
        })
    return cases


def holm(probabilities):
    order = np.argsort(probabilities)
    corrected = np.empty(len(order))
    corrected[order] = np.minimum(1, np.maximum.accumulate(np.sort(probabilities) * np.arange(len(order), 0, -1)))
    return corrected.tolist()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
