"""How the inputs of the network's products become whole numbers.

A few inputs of each product are far larger than the others, and one scale for all of them would
leave the small ones no digits. Dividing each input by a factor and multiplying its weights by the
same changes nothing but evens both out. Factors and scales are measured on `calibration.txt`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from graph import Floats, Input, Precision, build, products
from onnx import helper
from tokenizers import Tokenizer

CALIBRATION = Path(__file__).with_name("calibration.txt")
# How much of the unevenness goes to the weights, by kind of product: found by trial. What goes
# into "mix" is even enough.
EXPONENTS = {"attention": 0.55, "up": 0.5, "down": 0.6}
# The range of a product's inputs, as a multiple of what it is in a text on average, but hardly more
# than it ever was. What lies outside is cut; a wider range would leave the rest fewer digits.
HEADROOM, MARGIN = 1.2, 1.02
# Coarse steps, so that other processors with other roundings arrive at the same model.
_STEPS_PER_OCTAVE = 8


def shipped(weights: Mapping[str, Floats], tokenizer: Tokenizer, word_bits: int = 4) -> Precision:
    """Products of eight bits, evened out; four bits for each number of a word."""
    return Precision(word_bits, inputs(weights, tokenizer))


def inputs(
    weights: Mapping[str, Floats], tokenizer: Tokenizer, *, even_out: bool = True
) -> dict[str, Input]:
    """For each product, by name, how its inputs become whole numbers."""
    lows, highs = _extremes(weights, tokenizer)
    found = {}
    for name, (matrix, _bias) in products(weights).items():
        factors = None
        exponent = EXPONENTS.get(name.partition(".")[2])
        low, high = lows[name], highs[name]
        if even_out and exponent is not None:
            sizes = np.maximum(high, -low).mean(axis=0)
            factors = _factors(sizes, np.abs(matrix).max(axis=1), exponent)
            low, high = low / factors, high / factors
        range_ = _headroom(high.max(axis=1)) + _headroom(-low.min(axis=1))
        scale = 2 ** (math.ceil(math.log2(range_ / 255) * _STEPS_PER_OCTAVE) / _STEPS_PER_OCTAVE)
        zero = round(_headroom(-low.min(axis=1)) / scale)
        found[name] = Input(factors, scale, min(255, max(0, zero)))
    return found


def _headroom(sizes: Floats) -> float:
    return min(float(sizes.mean()) * HEADROOM, float(sizes.max()) * MARGIN)


def _factors(sizes: Floats, weight_sizes: Floats, exponent: float) -> Floats:
    inside = np.log2(np.maximum(sizes, 1e-4)) * exponent
    outside = np.log2(np.maximum(weight_sizes, 1e-4)) * (1 - exponent)
    octaves = inside - outside
    octaves = np.round((octaves - octaves.mean()) * _STEPS_PER_OCTAVE) / _STEPS_PER_OCTAVE
    return np.exp2(octaves).astype(np.float32)


def _extremes(
    weights: Mapping[str, Floats], tokenizer: Tokenizer
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """The least and the greatest of each input of each product in each text (texts by inputs)."""
    texts = [text for text in CALIBRATION.read_text(encoding="utf-8").splitlines() if text.strip()]
    model, taps = build(weights)
    for name in dict.fromkeys(taps.values()):
        model.graph.output.append(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    run = session(model, optimised=False)
    lows: dict[str, list[Floats]] = {name: [] for name in taps}
    highs: dict[str, list[Floats]] = {name: [] for name in taps}
    for encoding in tokenizer.encode_batch(texts):
        values = run.run(list(taps.values()), feed([encoding.ids]))
        for name, value in zip(taps, values, strict=True):
            lows[name].append(value[0].min(axis=0))
            highs[name].append(value[0].max(axis=0))
    return (
        {name: np.array(rows) for name, rows in lows.items()},
        {name: np.array(rows) for name, rows in highs.items()},
    )


def session(
    model: onnx.ModelProto | Path, *, optimised: bool = True
) -> onnxruntime.InferenceSession:
    """The model, ready to run on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    if not optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    source = str(model) if isinstance(model, Path) else model.SerializeToString()
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def feed(rows: Sequence[Sequence[int]]) -> dict[str, np.ndarray]:
    """The inputs of a batch, padded to its longest text."""
    length = max(map(len, rows))
    ids = np.zeros((len(rows), length), np.int64)
    mask = np.zeros_like(ids)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = row
        mask[place, : len(row)] = 1
    return {"input_ids": ids, "attention_mask": mask}


def vectors(run: onnxruntime.InferenceSession, tokens: Iterable[Sequence[int]]) -> Floats:
    """The vectors of texts given as token ids, each computed alone."""
    return np.array([run.run(["sentence_embedding"], feed([ids]))[0][0] for ids in tokens])
