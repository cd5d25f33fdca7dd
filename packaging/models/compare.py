"""Prints the table of precisions in README.md: `python packaging/models/compare.py`.

Speed is CPU time on one thread, of all variants in turn; texts are embedded one at a time.
"""

from __future__ import annotations

import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from export import ROOT, load_tokenizer, weights_folder
from graph import Floats, Precision, build
from onnxruntime import InferenceSession
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from precision import feed, inputs, session, shipped, vectors
from safetensors.numpy import load_file
from tokenizers import Tokenizer

sys.path.insert(0, str(ROOT))
from tests.benchmarks._texts import mixed_texts
from tests.retrieval import labelled, ndcg

ROUNDS = 5
TEXTS = 200
SHORT_TOKENS = 14
BATCH = 16


@dataclass(frozen=True, slots=True)
class Sample:
    """Token ids of the texts that are measured."""

    texts: Sequence[Sequence[int]]
    documents: Sequence[Sequence[int]]
    queries: Sequence[Sequence[int]]


def variants(
    weights: Mapping[str, Floats], tokenizer: Tokenizer, folder: Path
) -> Mapping[str, Callable[[Path], None]]:
    """By name, what writes the model in this precision to a file."""
    full = folder / "full.onnx"
    onnx.save(build(weights)[0], full)

    def plain(precision: Precision) -> Callable[[Path], None]:
        return lambda path: onnx.save(build(weights, precision)[0], path)

    def dynamic(per_channel: bool) -> Callable[[Path], None]:
        return lambda path: quantize_dynamic(
            full,
            path,
            per_channel=per_channel,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )

    def weights_only(bits: int) -> Callable[[Path], None]:
        def write(path: Path) -> None:
            quantizer = MatMulNBitsQuantizer(onnx.load(full), bits=bits, block_size=32)
            quantizer.process()
            quantizer.model.save_model_to_file(str(path))

        return write

    return {
        "fp32": plain(Precision()),
        "int8 dynamic, per tensor": dynamic(False),
        "int8 dynamic, per channel": dynamic(True),
        "8-bit weights only": weights_only(8),
        "4-bit weights only": weights_only(4),
        "int8 static, 8-bit words": plain(Precision(8, inputs(weights, tokenizer, even_out=False))),
        "int8 static, evened out, 8-bit words": plain(shipped(weights, tokenizer, 8)),
        "**int8 static, evened out, 4-bit words**": plain(shipped(weights, tokenizer)),
    }


def retrieval(documents: Floats, queries: Floats) -> tuple[float, list[set[int]]]:
    """nDCG@10 on the labelled set, and the ten best of each query."""
    relationships, questions = labelled()
    gains, best = [], []
    for question, scores in zip(questions, queries @ documents.T, strict=True):
        order = np.argsort(-scores, kind="stable")[:10].tolist()
        gains.append(ndcg([relationships[place].id for place in order], question.gains))
        best.append(set(order))
    return statistics.mean(gains), best


def alone_and_batched(run: InferenceSession, sample: Sample) -> float:
    """The least cosine of a text's vector with company to its vector alone."""
    least = 1.0
    for begin in range(0, len(sample.texts), BATCH):
        rows = sample.texts[begin : begin + BATCH]
        batched = run.run(["sentence_embedding"], feed(rows))[0]
        least = min(least, float(np.vecdot(batched, vectors(run, rows)).min()))
    return least


def cpu_seconds(runs: Mapping[str, InferenceSession], sample: Sample) -> dict[str, float]:
    """The least CPU seconds in which each has embedded all texts, in turn."""
    least = dict.fromkeys(runs, float("inf"))
    for _ in range(ROUNDS):
        for name, run in runs.items():
            started = time.process_time()
            vectors(run, sample.texts)
            least[name] = min(least[name], time.process_time() - started)
    return least


def short_ms(run: InferenceSession, sample: Sample) -> float:
    """The median milliseconds for a short text."""
    seconds = []
    for ids in [row for row in sample.queries if len(row) <= SHORT_TOKENS]:
        started = time.perf_counter()
        vectors(run, [ids])
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1000


def main() -> None:
    """Build every variant, measure, print."""
    logging.disable(logging.WARNING)
    source = weights_folder()
    weights, tokenizer = load_file(source / "model.safetensors"), load_tokenizer(source)
    relationships, questions = labelled()

    def tokens(texts: Sequence[str]) -> list[list[int]]:
        return [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]

    sample = Sample(
        tokens(mixed_texts(TEXTS)),
        tokens([relationship.text for relationship in relationships]),
        tokens([question.text for question in questions]),
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sizes, runs = {}, {}
        for number, (variant, write) in enumerate(variants(weights, tokenizer, folder).items()):
            path = folder / f"{number}.onnx"
            write(path)
            sizes[variant], runs[variant] = path.stat().st_size, session(path)
        seconds = cpu_seconds(runs, sample)
        report(sizes, runs, seconds, sample)


def report(
    sizes: Mapping[str, int],
    runs: Mapping[str, InferenceSession],
    seconds: Mapping[str, float],
    sample: Sample,
) -> None:
    """Print the table."""
    print("| precision | MB | texts/s | short text ms | cosine to fp32 mean / min |", end="")
    print(" alone vs batched min | same top 10 | nDCG@10 |")
    print("|---|---|---|---|---|---|---|---|")
    reference, reference_best = None, []
    for name, run in runs.items():
        documents, queries = vectors(run, sample.documents), vectors(run, sample.queries)
        found = np.concatenate((vectors(run, sample.texts), documents, queries))
        quality, best = retrieval(documents, queries)
        if reference is None:
            reference, reference_best = found, best
        cosines = np.vecdot(found, reference)
        same = statistics.mean(
            len(a & b) / len(b) for a, b in zip(best, reference_best, strict=True)
        )
        print(
            f"| {name} | {sizes[name] / 1e6:.1f} | {len(sample.texts) / seconds[name]:.0f}"
            f" | {short_ms(run, sample):.1f} | {cosines.mean():.4f} / {cosines.min():.3f}"
            f" | {alone_and_batched(run, sample):.3f} | {same:.0%} | {quality:.3f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
