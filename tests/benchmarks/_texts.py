"""Texts of mixed lengths, as notes and descriptions are: most short, some long."""

from __future__ import annotations

import random
import statistics

from tests.retrieval import labelled

MEAN_WORDS = 27


def mixed_texts(count: int, seed: int = 1) -> list[str]:
    """`count` different texts with a log-normal number of words, 27 on average, 2 to 200."""
    sentences = [relationship.text for relationship in labelled()[0]]
    generator = random.Random(seed)
    texts = []
    for _ in range(count):
        wanted = min(200, max(2, int(generator.lognormvariate(3.0, 0.78))))
        words: list[str] = []
        while len(words) < wanted:
            words += generator.choice(sentences).split()
        texts.append(" ".join(words[:wanted]))
    mean = statistics.mean(len(text.split()) for text in texts)
    assert count < 200 or abs(mean - MEAN_WORDS) < 4, mean
    return texts
