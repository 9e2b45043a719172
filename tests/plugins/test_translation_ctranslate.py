"""Loading CTranslate2 models: a tiny one with random weights, made and converted here, in both kinds of folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.translation.ctranslate import MAX_TOKENS, CTranslate
from plugins.translation.translator import TranslationError

WORDS = ["the", "gate", "is", "open", "la", "puerta", "es", "abierta", "hello", "hola"]


def convert(folder: Path, vocabulary: list[str]) -> None:
    """A Bart model of a few thousand weights, as CTranslate2's own converter writes it."""
    import torch
    from ctranslate2.converters import TransformersConverter
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BartConfig, BartForConditionalGeneration, PreTrainedTokenizerFast

    torch.manual_seed(0)
    config = BartConfig(
        vocab_size=len(vocabulary), d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=32, decoder_ffn_dim=32, max_position_embeddings=MAX_TOKENS,
        bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2, forced_eos_token_id=None,
        normalize_before=False, normalize_embedding=True, add_final_layer_norm=False,
    )  # fmt: skip
    plain = folder.parent / f"{folder.name}-plain"
    BartForConditionalGeneration(config).save_pretrained(plain)
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(vocabulary)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    special = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **special).save_pretrained(plain)
    TransformersConverter(str(plain)).convert(str(folder))
    (folder / "tokenizer.json").write_bytes((plain / "tokenizer.json").read_bytes())


@pytest.fixture(scope="module")
def fast(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "en-es"
    convert(folder, ["<s>", "<pad>", "</s>", "<unk>", *WORDS])
    return folder


def test_a_converted_model_translates(fast: Path) -> None:
    engine = CTranslate({("en", "es"): fast})
    assert engine.pairs() == {("en", "es")}
    texts = engine.translate(["the gate is open", "", "hello"], "en", "es")
    assert len(texts) == 3 and texts[1] == ""
    assert set(" ".join(texts).split()) <= set(WORDS)  # random weights say random words, but words of its own
    assert texts == engine.translate(["the gate is open", "", "hello"], "en", "es")
    assert engine.translate(["the gate is open"], "en", "es") == texts[:1]
    engine.close()


def test_a_model_with_sentencepiece_translates(fast: Path, tmp_path: Path) -> None:
    sentencepiece = pytest.importorskip("sentencepiece")
    lines = tmp_path / "lines.txt"
    lines.write_text("\n".join(f"{a} {b} {c}" for a in WORDS for b in WORDS for c in WORDS))
    for side in ("source", "target"):
        sentencepiece.SentencePieceTrainer.train(
            input=str(lines), model_prefix=str(tmp_path / side), vocab_size=24, minloglevel=2
        )
    spm = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "source.model"))
    pieces = [spm.id_to_piece(n) for n in range(spm.get_piece_size())]
    folder = tmp_path / "opus"
    convert(folder, ["<s>", "<pad>", "</s>", "<unk>", *(p for p in pieces if p not in ("<s>", "</s>", "<unk>"))])
    (folder / "tokenizer.json").unlink()
    with pytest.raises(TranslationError, match=r"neither tokenizer\.json nor source\.spm"):
        CTranslate({("en", "es"): folder})
    for side in ("source", "target"):
        (tmp_path / f"{side}.model").rename(folder / f"{side}.spm")
    texts = CTranslate({("en", "es"): folder}).translate(["the gate is open", " "], "en", "es")
    assert texts[1] == "" and "▁" not in texts[0]


def test_what_is_no_model_is_a_line(tmp_path: Path, fast: Path) -> None:
    with pytest.raises(TranslationError, match="is no CTranslate2 model"):
        CTranslate({("en", "es"): tmp_path})
    (tmp_path / "model.bin").write_bytes(b"nonsense")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(TranslationError) as caught:
        CTranslate({("en", "es"): tmp_path}).translate(["hello"], "en", "es")
    assert "\n" not in str(caught.value)
    (fast.parent / "damaged").mkdir()
    for file in fast.iterdir():
        (fast.parent / "damaged" / file.name).write_bytes(file.read_bytes())
    (fast.parent / "damaged" / "tokenizer.json").write_text("{}")
    with pytest.raises(TranslationError, match="is no tokenizer"):
        CTranslate({("en", "es"): fast.parent / "damaged"}).translate(["hello"], "en", "es")
    with pytest.raises(TranslationError, match="no CTranslate2 model for en-fr"):
        CTranslate({("en", "es"): fast}).translate(["hello"], "en", "fr")
