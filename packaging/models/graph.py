"""The network of all-MiniLM-L6-v2 as an ONNX graph, in full or in reduced precision.

Written out by hand rather than traced, which keeps it small and makes it a fifth faster: the three
projections of attention are one product, shapes need no arithmetic, and the sentence's vector
(mean over its tokens, length 1) comes straight out of the graph.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Floats = npt.NDArray[np.float32]

LAYERS, HEADS, WIDTH, HEAD_WIDTH = 6, 12, 384, 32
MAX_TOKENS = 256
WORD_BLOCK = 32
# 255 · 64 · 2 still fits 16 bits, in which processors without VNNI add two products: with more
# they would saturate and give other vectors than newer ones.
LARGEST_WEIGHT = 64
_MICROSOFT = "com.microsoft"


@dataclass(frozen=True, slots=True)
class Input:
    """How the inputs of a product become whole numbers from 0 to 255: divided by `factors` (None
    for ones), then by `scale`, rounded, and `zero` added. The scale is fixed, so that a text's
    numbers never depend on the texts beside it."""

    factors: Floats | None
    scale: float
    zero: int


@dataclass(frozen=True, slots=True)
class Precision:
    """How numbers are kept: in `word_bits` (4, 8 or 32) for words, and 8 bits for the products
    that have an entry in `inputs`."""

    word_bits: int = 32
    inputs: Mapping[str, Input] = field(default_factory=dict)


class _Graph:
    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: npt.ArrayLike) -> str:
        array = np.ascontiguousarray(value)
        self.constants.append(numpy_helper.from_array(array.reshape(np.shape(value)), name))
        return name

    def add(
        self, kind: str, *inputs: str, out: str = "", domain: str = "", **attributes: Any
    ) -> str:
        return self.add_many(kind, *inputs, outs=[out], domain=domain, **attributes)[0]

    def add_many(
        self, kind: str, *inputs: str, outs: list[str], domain: str = "", **attributes: Any
    ) -> list[str]:
        number = len(self.nodes)
        names = [name or f"value_{number}_{i}" for i, name in enumerate(outs)]
        self.nodes.append(
            helper.make_node(
                kind, list(inputs), names, name=f"{kind}_{number}", domain=domain, **attributes
            )
        )
        return names


def products(weights: Mapping[str, Floats]) -> dict[str, tuple[Floats, Floats]]:
    """Matrix (inputs by outputs) and bias of each product: "0.attention", "0.mix", "0.up",
    "0.down", "1.attention" …; queries are scaled already."""
    found: dict[str, tuple[Floats, Floats]] = {}
    scale = np.float32(1 / math.sqrt(HEAD_WIDTH))
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}."

        def dense(name: str, prefix: str = prefix) -> tuple[Floats, Floats]:
            return weights[f"{prefix}{name}.weight"].T, weights[f"{prefix}{name}.bias"]

        query, key, value = (dense(f"attention.self.{part}") for part in ("query", "key", "value"))
        found[f"{layer}.attention"] = (
            np.concatenate((query[0] * scale, key[0], value[0]), axis=1),
            np.concatenate((query[1] * scale, key[1], value[1])),
        )
        found[f"{layer}.mix"] = dense("attention.output.dense")
        found[f"{layer}.up"] = dense("intermediate.dense")
        found[f"{layer}.down"] = dense("output.dense")
    return found


def build(
    weights: Mapping[str, Floats], precision: Precision | None = None
) -> tuple[onnx.ModelProto, dict[str, str]]:
    """The model, from token ids and attention mask (batch by length) to "sentence_embedding"
    (batch by 384); and the name of what goes into each product."""
    precision = precision or Precision()
    graph, taps = _Graph(), {}
    matrices = products(weights)
    heads = graph.constant("heads", np.array([0, 0, 3 * HEADS, HEAD_WIDTH], np.int64))
    flat = graph.constant("flat", np.array([0, 0, WIDTH], np.int64))
    thirds = graph.constant("thirds", np.array([HEADS] * 3, np.int64))
    mask, hidden_from = _mask(graph)
    state = _normalised(graph, _words(graph, weights, precision), weights, "embeddings.LayerNorm")
    for layer in range(LAYERS):

        def product(name: str, source: str, layer: int = layer) -> str:
            taps[f"{layer}.{name}"] = source
            return _product(graph, f"{layer}.{name}", source, matrices, precision)

        prefix = f"encoder.layer.{layer}."
        parts = graph.add("Reshape", product("attention", state), heads)
        parts = graph.add("Transpose", parts, perm=[0, 2, 1, 3])
        query, key, value = graph.add_many("Split", parts, thirds, outs=[""] * 3, axis=1)
        key = graph.add("Transpose", key, perm=[0, 1, 3, 2])
        scores = graph.add("Add", graph.add("MatMul", query, key), hidden_from)
        seen = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
        seen = graph.add("Reshape", graph.add("Transpose", seen, perm=[0, 2, 1, 3]), flat)
        state = graph.add("Add", product("mix", seen), state)
        state = _normalised(graph, state, weights, prefix + "attention.output.LayerNorm")
        # As one node: as three it takes twice the time.
        raised = graph.add("Gelu", product("up", state), domain=_MICROSOFT)
        state = graph.add("Add", product("down", raised), state)
        state = _normalised(graph, state, weights, prefix + "output.LayerNorm")
    _sentence(graph, state, mask)
    return _model(graph), taps


def _mask(graph: _Graph) -> tuple[str, str]:
    """The mask as numbers (batch by 1 by length), and what hides padding from attention."""
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    missing = graph.add("Sub", mask, graph.constant("one", np.float32(1)))
    missing = graph.add("Mul", missing, graph.constant("far", np.float32(10_000)))
    hidden = graph.add("Unsqueeze", missing, graph.constant("axes_1_2", np.array([1, 2], np.int64)))
    row = graph.add("Unsqueeze", mask, graph.constant("axes_1", np.array([1], np.int64)))
    return row, hidden


def _words(graph: _Graph, weights: Mapping[str, Floats], precision: Precision) -> str:
    table = weights["embeddings.word_embeddings.weight"]
    if precision.word_bits == 32:
        words = graph.add("Gather", graph.constant("words", table), "input_ids")
    elif precision.word_bits == 8:
        scales = np.abs(table).max(axis=1, keepdims=True) / np.float32(127)
        numbers = np.round(table / scales).astype(np.int8)
        words = graph.add("Gather", graph.constant("words", numbers), "input_ids")
        words = graph.add(
            "Mul",
            graph.add("Cast", words, to=TensorProto.FLOAT),
            graph.add("Gather", graph.constant("word_scales", scales), "input_ids"),
        )
    else:
        words = _four_bit_words(graph, table)
    # Sentences have one part: its type's vector belongs to the positions.
    positions = weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
    positions = positions + weights["embeddings.token_type_embeddings.weight"][0]
    start = graph.constant("start", np.array([0], np.int64))
    length = graph.add("Shape", "input_ids", start=1, end=2)
    return graph.add(
        "Add",
        words,
        graph.add("Slice", graph.constant("positions", positions), start, length, start),
    )


def _four_bit_words(graph: _Graph, table: Floats) -> str:
    numbers, scales = four_bits(table)
    half = WIDTH // 2
    packed = (numbers[:, :half] + 8) | ((numbers[:, half:] + 8) << 4)
    pair = graph.add("Gather", graph.constant("words", packed.astype(np.uint8)), "input_ids")
    pair = graph.add("Cast", pair, to=TensorProto.FLOAT)
    high = graph.add("Floor", graph.add("Mul", pair, graph.constant("1/16", np.float32(1 / 16))))
    low = graph.add("Sub", pair, graph.add("Mul", high, graph.constant("sixteen", np.float32(16))))
    words = graph.add("Concat", low, high, axis=2)
    words = graph.add("Sub", words, graph.constant("eight", np.float32(8)))
    blocks = graph.constant("blocks", np.array([0, 0, -1, WORD_BLOCK], np.int64))
    scale = graph.add("Gather", graph.constant("word_scales", scales), "input_ids")
    scale = graph.add("Cast", scale, to=TensorProto.FLOAT)
    words = graph.add("Mul", graph.add("Reshape", words, blocks), scale)
    return graph.add("Reshape", words, "flat")


def four_bits(table: Floats) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    """Each row as numbers from -8 to 7, and for each block of 32 the scale (rows by blocks by 1)
    that loses least."""
    blocks = table.reshape(len(table), -1, WORD_BLOCK)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=2, keepdims=True), axis=2)
    least = np.full(largest.shape, np.inf, np.float32)
    numbers = np.zeros(blocks.shape, np.int8)
    scales = np.zeros(largest.shape, np.float16)
    for factor in np.arange(0.80, 1.11, 0.03):
        scale = (largest / -8 * factor).astype(np.float16)
        # A block of zeros has no scale.
        divisor = np.where(scale == 0, 1, scale).astype(np.float32)
        tried = np.clip(np.round(blocks / divisor), -8, 7)
        loss = np.square(tried * scale.astype(np.float32) - blocks).sum(axis=2, keepdims=True)
        better = loss < least
        least = np.where(better, loss, least)
        scales = np.where(better, scale, scales)
        numbers = np.where(better, tried, numbers).astype(np.int8)
    return numbers.reshape(table.shape), scales


def _normalised(graph: _Graph, source: str, weights: Mapping[str, Floats], name: str) -> str:
    scale = graph.constant(f"{name}.weight", weights[f"{name}.weight"])
    shift = graph.constant(f"{name}.bias", weights[f"{name}.bias"])
    return graph.add("LayerNormalization", source, scale, shift, axis=-1, epsilon=1e-12)


def _product(
    graph: _Graph,
    name: str,
    source: str,
    matrices: Mapping[str, tuple[Floats, Floats]],
    precision: Precision,
) -> str:
    matrix, bias = matrices[name]
    entry = precision.inputs.get(name)
    if entry is None:
        result = graph.add("MatMul", source, graph.constant(name, matrix))
        return graph.add("Add", result, graph.constant(f"{name}.bias", bias))
    if entry.factors is not None:
        source = graph.add("Mul", source, graph.constant(f"{name}.balance", 1 / entry.factors))
        matrix = matrix * entry.factors[:, np.newaxis]
    scale = graph.constant(f"{name}.scale", np.float32(entry.scale))
    zero = graph.constant(f"{name}.zero", np.uint8(entry.zero))
    scales = np.abs(matrix).max(axis=0) / np.float32(LARGEST_WEIGHT)
    numbers = np.clip(np.round(matrix / scales), -LARGEST_WEIGHT, LARGEST_WEIGHT).astype(np.int8)
    return graph.add(
        "MatMulIntegerToFloat",
        graph.add("QuantizeLinear", source, scale, zero),
        graph.constant(name, numbers),
        scale,
        graph.constant(f"{name}.scales", scales),
        zero,
        "",
        graph.constant(f"{name}.bias", bias),
        domain=_MICROSOFT,
    )


def _sentence(graph: _Graph, state: str, mask: str) -> None:
    # The sum has the direction of the mean. As products of each text's own, these sums do not
    # change in the last digit with the number of texts, as reductions over a batch do.
    total = graph.add("MatMul", mask, state)
    square = graph.add("MatMul", total, graph.add("Transpose", total, perm=[0, 2, 1]))
    unit = graph.add("Div", total, graph.add("Sqrt", square))
    axis = graph.constant("axis_1", np.array([1], np.int64))
    graph.add("Squeeze", unit, axis, out="sentence_embedding")


def _model(graph: _Graph) -> onnx.ModelProto:
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    output = helper.make_tensor_value_info(
        "sentence_embedding", TensorProto.FLOAT, ["batch", WIDTH]
    )
    return helper.make_model(
        helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, [output], graph.constants),
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)],
        ir_version=8,
        producer_name="crm-desktop",
    )
