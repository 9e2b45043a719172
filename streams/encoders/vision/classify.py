"""EfficientNet-Lite0 on ImageNet-1k: what a picture or a piece of it shows.

The network is that of Tan and Le, "EfficientNet" (2019), in its "Lite" form (no squeeze-and-excitation, ReLU6, stem and
head not scaled), written in plain torch operations with the batch normalisations folded into the convolutions.
"""

from __future__ import annotations

import threading
from pathlib import Path
from pickle import UnpicklingError

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from streams.encoders.vision import imagenet
from streams.errors import ModelError

SIDE = 224
"""Pixels of the square that the network sees."""
BATCH_MAX = 8
"""Crops run at once; more are run in turns, so that memory stays bounded."""

_STAGES = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192))
_LAST = (1, 3, 1, 6, 320)
"""Repeats, kernel, stride of the first, expansion, channels out: the table of the paper."""
_EPS = 1e-3


class _Conv(nn.Module):
    """Convolution with folded batch normalisation and TensorFlow's `SAME` padding; ReLU6 where `act`."""

    def __init__(self, weight: Tensor, bias: Tensor, stride: int, act: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.contiguous(memory_format=torch.channels_last), requires_grad=False)
        self.bias = nn.Parameter(bias, requires_grad=False)
        self.stride = stride
        self.groups = weight.shape[0] if weight.shape[1] == 1 else 1
        self.act = act

    def forward(self, x: Tensor) -> Tensor:
        kernel = self.weight.shape[-1]
        if self.stride == 1:
            x = F.conv2d(x, self.weight, self.bias, 1, kernel // 2, 1, self.groups)
        else:
            # all sizes on the way are even, so SAME pads kernel - 2 in all, the odd one at the end
            before = (kernel - 2) // 2
            after = kernel - 2 - before
            x = F.conv2d(F.pad(x, (before, after, before, after)), self.weight, self.bias, 2, 0, 1, self.groups)
        return F.relu6(x, inplace=True) if self.act else x


class _Block(nn.Module):
    """Inverted residual: expand, filter each channel, project."""

    def __init__(self, layers: list[_Conv], skip: bool) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)
        self.skip = skip

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.layers(x)
        return x + y if self.skip else y


def _fold(weights: dict[str, Tensor], conv: str, norm: str, stride: int, act: bool) -> _Conv:
    scale = weights[f"{norm}.weight"] / torch.sqrt(weights[f"{norm}.running_var"] + _EPS)
    bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale
    return _Conv(weights[f"{conv}.weight"] * scale[:, None, None, None], bias, stride, act)


def _network(weights: dict[str, Tensor]) -> nn.Sequential:
    """The network up to the last feature map, `[n, 3, 224, 224] -> [n, 1280, 7, 7]`."""
    layers: list[nn.Module] = [_fold(weights, "_conv_stem", "_bn0", 2, True)]
    index, channels = 0, 32
    for repeats, _kernel, first_stride, expand, out in (*_STAGES, _LAST):
        for repeat in range(repeats):
            name = f"_blocks.{index}"
            stride = first_stride if repeat == 0 else 1
            block = [_fold(weights, f"{name}._expand_conv", f"{name}._bn0", 1, True)] if expand > 1 else []
            block.append(_fold(weights, f"{name}._depthwise_conv", f"{name}._bn1", stride, True))
            block.append(_fold(weights, f"{name}._project_conv", f"{name}._bn2", 1, False))
            layers.append(_Block(block, stride == 1 and channels == out))
            index, channels = index + 1, out
    layers.append(_fold(weights, "_conv_head", "_bn1", 1, True))
    return nn.Sequential(*layers).eval()


class Classifier:
    """Names what a crop shows, out of 1000 classes. Weights only: one serves many streams, from any thread."""

    def __init__(self, folder: Path) -> None:
        """Load the checkpoint (`*.pth`) found in `folder` or below it.

        Raises `ModelError` when there is none or it is not this network.
        """
        files = sorted(folder.rglob("*.pth")) if folder.is_dir() else []
        if not files:
            raise ModelError(f"no picture model in {folder}; run `heed models pull`")
        try:
            weights = torch.load(files[0], map_location="cpu", weights_only=True)
            with torch.inference_mode():
                self._network = _network(weights)
                self._fc_weight = weights["_fc.weight"].clone()
                self._fc_bias = weights["_fc.bias"].clone()
        except (UnpicklingError, KeyError, RuntimeError, ValueError, OSError, EOFError, TypeError) as error:
            raise ModelError(f"{files[0]} is damaged or not EfficientNet-Lite0; run `heed models pull`") from error
        self._labels = imagenet.names()
        self._lock = threading.Lock()  # one forward at a time: the activations of many would not stay bounded

    @property
    def labels(self) -> tuple[str, ...]:
        """The 1000 class names, index = column of `classify`."""
        return self._labels

    def classify(self, crops: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Probabilities `[n, 1000]` of the crops, each `[h, w, 3]` uint8 RGB of any size (squeezed to a square)."""
        return self.run(crops)[0]

    def features(self, crops: list[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Pooled features `[n, 1280]` of the crops, each `[h, w, 3]` uint8 RGB of any size."""
        return self.run(crops)[1]

    def run(self, crops: list[NDArray[np.uint8]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Probabilities `[n, 1000]` and pooled features `[n, 1280]` in one pass."""
        if not crops:
            return np.zeros((0, 1000), np.float32), np.zeros((0, 1280), np.float32)
        probabilities, features = [], []
        with self._lock, torch.inference_mode():
            for start in range(0, len(crops), BATCH_MAX):
                batch = np.stack([_square(crop) for crop in crops[start : start + BATCH_MAX]])
                x = torch.from_numpy(batch).permute(0, 3, 1, 2).to(torch.float32)
                x = x.sub_(127.0).div_(128.0).contiguous(memory_format=torch.channels_last)
                pooled = self._network(x).mean((2, 3))
                logits = F.linear(pooled, self._fc_weight, self._fc_bias)
                probabilities.append(torch.softmax(logits, 1).numpy())
                features.append(pooled.numpy())
        return np.concatenate(probabilities), np.concatenate(features)


def _square(crop: NDArray[np.uint8]) -> NDArray[np.uint8]:
    shrinks = crop.shape[0] >= SIDE and crop.shape[1] >= SIDE
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(crop, (SIDE, SIDE), interpolation=way), np.uint8)
