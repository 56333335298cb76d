"""How tensors are written: row-major, in the layouts of TensorFlow.js."""
import numpy as np
import torch


def tensor(values, digits=8):
    array = values.detach().numpy() if torch.is_tensor(values) else np.asarray(values)
    flat = array.astype(np.float64).ravel()
    return {"shape": list(array.shape), "data": [float(f"{value:.{digits}g}") for value in flat]}


def nhwc(images):
    return images.permute(0, 2, 3, 1)


def hwio(weights):
    return weights.permute(2, 3, 1, 0)
