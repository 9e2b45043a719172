"""Neural translation with CTranslate2 (https://github.com/OpenNMT/CTranslate2), which comes with faster-whisper.

A model is a folder: what `ct2-transformers-converter` writes (OPUS-MT and like), with the tokenizer beside it, either
`tokenizer.json` or `source.spm` and `target.spm`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from plugins.translation.translator import TranslationError, check

BEAM = 2
MAX_TOKENS = 512
"""Of a segment, and of its translation."""


class _Tokens(Protocol):
    def encode(self, text: str) -> list[str]: ...

    def decode(self, tokens: Sequence[str]) -> str: ...


class CTranslate:
    """Implements `Translator` with model folders, each loaded when it is first used."""

    name = "ctranslate2"

    def __init__(self, folders: Mapping[tuple[str, str], Path], threads: int = 1) -> None:
        """
        Args:
            folders: model by `(from, to)`.
            threads: processor threads.

        Raises:
            TranslationError: a folder is no model, or its tokenizer is missing.
        """
        for folder in folders.values():
            _check(folder)
        self._folders, self._threads = dict(folders), threads
        self._loaded: dict[tuple[str, str], tuple[Any, _Tokens]] = {}

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs that models were named for."""
        return frozenset(self._folders)

    def translate(self, segments: Sequence[str], source: str, target: str) -> list[str]:
        """See `Translator.translate`."""
        check(segments)
        pair = (source, target)
        if pair not in self._folders:
            raise TranslationError(f"no CTranslate2 model for {source}-{target}")
        if pair not in self._loaded:
            self._loaded[pair] = _load(self._folders[pair], self._threads)
        model, tokens = self._loaded[pair]
        batch = [tokens.encode(segment)[:MAX_TOKENS] for segment in segments]
        try:
            found = model.translate_batch(
                [one for one in batch if one],
                beam_size=BEAM,
                max_decoding_length=MAX_TOKENS,
                # What a network that has lost its way repeats is cut off.
                no_repeat_ngram_size=4,
            )
        except (RuntimeError, ValueError) as error:
            raise TranslationError(f"{self._folders[pair].name}: {' '.join(str(error).split())[:200]}") from error
        texts = iter([" ".join(tokens.decode(result.hypotheses[0]).split()) for result in found])
        return [next(texts) if one else "" for one in batch]

    def close(self) -> None:
        """Let go of the models."""
        self._loaded.clear()


def _check(folder: Path) -> None:
    if not (folder / "model.bin").is_file():
        raise TranslationError(
            f"{folder} is no CTranslate2 model (no model.bin); make one with: ct2-transformers-converter --model "
            "NAME --output_dir FOLDER --copy_files source.spm target.spm"
        )
    if not (folder / "tokenizer.json").is_file() and not all((folder / f"{n}.spm").is_file() for n in _SIDES):
        raise TranslationError(f"{folder} has neither tokenizer.json nor source.spm and target.spm")


_SIDES = ("source", "target")


def _load(folder: Path, threads: int) -> tuple[Any, _Tokens]:
    import ctranslate2

    try:
        model = ctranslate2.Translator(str(folder), device="auto", compute_type="auto", intra_threads=threads)
    except (RuntimeError, ValueError) as error:
        raise TranslationError(f"{folder}: {' '.join(str(error).split())[:200]}") from error
    if (folder / "tokenizer.json").is_file():
        return model, _Fast(folder / "tokenizer.json")
    return model, _SentencePiece(folder)


class _Fast:
    """A tokenizer of the `tokenizers` library."""

    def __init__(self, path: Path) -> None:
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises plain Exception
            raise TranslationError(f"{path} is no tokenizer: {' '.join(str(error).split())[:200]}") from error

    def encode(self, text: str) -> list[str]:
        return list(self._tokenizer.encode(text).tokens) if text.strip() else []

    def decode(self, tokens: Sequence[str]) -> str:
        ids = [number for token in tokens if (number := self._tokenizer.token_to_id(token)) is not None]
        return str(self._tokenizer.decode(ids, skip_special_tokens=True))


class _SentencePiece:
    """The two SentencePiece models of an OPUS-MT model."""

    def __init__(self, folder: Path) -> None:
        try:
            import sentencepiece
        except ImportError as error:
            raise TranslationError(f"{folder.name} needs sentencepiece: pip install 'heed[translation]'") from error
        try:
            self._source, self._target = (
                sentencepiece.SentencePieceProcessor(model_file=str(folder / f"{side}.spm")) for side in _SIDES
            )
        except (OSError, RuntimeError) as error:
            raise TranslationError(f"{folder}: {' '.join(str(error).split())[:200]}") from error

    def encode(self, text: str) -> list[str]:
        pieces = list(self._source.encode(text, out_type=str))
        return [*pieces, "</s>"] if pieces else []

    def decode(self, tokens: Sequence[str]) -> str:
        return str(self._target.decode([token for token in tokens if token != "</s>"]))
