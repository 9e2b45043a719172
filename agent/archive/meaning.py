"""What a text means, as bits that can be compared: the language model's own token embeddings, averaged.

No further model: a token's embedding, less what all have in common (Mu and Viswanath 2018, "All-but-the-top"), weighted
by how rare the token is, and added up over all words but those that every sentence has. Of the sum only the signs are
kept, one bit a dimension; the number of differing bits orders texts by the angle between them (Charikar 2002,
"Similarity estimation techniques from rounding algorithms"). The best are compared exactly.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from agent.archive.asked import STOP, WORD
from streams.errors import ModelError

MAX_TOKENS = 256
_SAMPLE = 4096
_MAIN = 8
_NAME = "model.embed_tokens.weight"


class Meaning:
    """Turns texts into vectors of `size` numbers and bits. Reads only the rows of the table that it needs. Not for
    several threads."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds a language model in the form of transformers (safetensors, `tokenizer.json`).

        Raises:
            ModelError: it holds none whose token embeddings can be read.
        """
        self._table = _embeddings(folder)
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the library raises nothing more exact
            raise ModelError(f"{folder} has no tokenizer that can be read: {error}") from error
        self.size = int(self._table.shape[1])
        some = _floats(np.asarray(self._table[:: max(1, len(self._table) // _SAMPLE)]))
        self._common = np.asarray(some.mean(axis=0), np.float32)
        self._main = _main_directions(some - self._common)

    def vector(self, text: str) -> NDArray[np.float32]:
        """`[size]`, of length one, or zeros for a text without a token."""
        told = " ".join(w for w in WORD.findall(text.lower()) if w not in STOP)
        ids = np.unique(np.asarray(self._tokenizer.encode(f" {told}", add_special_tokens=False).ids[:MAX_TOKENS], int))
        if not told or not len(ids):
            return np.zeros(self.size, np.float32)
        rows = _floats(self._table[ids]) - self._common
        rows -= (rows @ self._main.T) @ self._main
        rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-6
        # Tokens are numbered in the order in which they were learnt, the most frequent first (Zipf).
        total = (rows * np.log(1.0 + ids)[:, None]).sum(axis=0)
        return np.asarray(total / (np.linalg.norm(total) + 1e-9), np.float32)

    def bits(self, text: str) -> bytes:
        """The signs of `vector`, `size / 8` bytes."""
        return pack(self.vector(text))


def pack(vector: NDArray[np.float32]) -> bytes:
    """The signs of a vector of numbers, eight to a byte."""
    return np.packbits(vector > 0).tobytes()


def differing(query: bytes, rows: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How many bits of each row, `[n, words]`, differ from the query: `[n]`."""
    asked = np.frombuffer(query, np.uint64)
    counts = np.zeros(len(rows), np.int64)
    for column in range(rows.shape[1]):
        counts += np.bitwise_count(rows[:, column] ^ asked[column])
    return counts


def as_rows(blobs: Sequence[bytes]) -> NDArray[np.uint64]:
    """Packed bits of several texts, `[n, words]`."""
    words = len(blobs[0]) // 8 if blobs else 1
    return np.frombuffer(b"".join(blobs), np.uint64).reshape(len(blobs), words)


def _embeddings(folder: Path) -> NDArray[np.uint16]:
    """The table of token embeddings, mapped and not read: `[tokens, size]`, bfloat16 as upper halves of float32."""
    path = folder / "model.safetensors"
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > 1 << 26:
                raise ModelError(f"{path} is not a safetensors file")
            found = json.loads(file.read(length)).get(_NAME)
    except (OSError, ValueError) as error:
        raise ModelError(f"the token embeddings of {folder} cannot be read: {error}") from error
    if found is None or found["dtype"] != "BF16" or found["shape"][1] % 64:
        raise ModelError(f"{path} has no token embeddings in bfloat16")
    return np.memmap(path, np.uint16, "r", 8 + length + found["data_offsets"][0], tuple(found["shape"]))


def _floats(rows: NDArray[np.uint16]) -> NDArray[np.float32]:
    return (rows.astype(np.uint32) << 16).view(np.float32)


def _main_directions(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The directions in which embeddings differ most, which tell frequency and spelling more than meaning."""
    _, vectors = np.linalg.eigh(rows.T @ rows)
    return np.ascontiguousarray(vectors[:, -_MAIN:].T, np.float32)
