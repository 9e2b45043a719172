"""Makes a Whisper that knows nothing but has all the real classes and file formats."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from ctranslate2.converters import TransformersConverter
from faster_whisper.tokenizer import _LANGUAGE_CODES
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast as Fast
from transformers import WhisperConfig, WhisperFeatureExtractor, WhisperForConditionalGeneration


def make(folder: Path, multilingual: bool) -> Path:
    """A CTranslate2 model folder with random weights (fixed seed), as `faster_whisper.WhisperModel` loads it."""
    languages = [f"<|{code}|>" for code in _LANGUAGE_CODES][: 99 if multilingual else 1]
    special = [
        "<|endoftext|>",
        "<|startoftranscript|>",
        *languages,
        "<|translate|>",
        "<|transcribe|>",
        "<|startoflm|>",
        "<|startofprev|>",
        "<|nospeech|>",
        "<|notimestamps|>",
    ]
    # Letters, the byte-level space, and the byte that music notes begin with (faster-whisper looks for it): the
    # nonsense that it writes is text.
    letters = [c for c in sorted(pre_tokenizers.ByteLevel.alphabet()) if c.isascii() and c.isalpha()]
    text = [*letters, "\u0120", "\u00e2"]
    # CTranslate2 knows a multilingual Whisper by this token (older versions: by the size of its vocabulary).
    text += [""] if multilingual else []
    tokenizer = Tokenizer(models.BPE({piece: i for i, piece in enumerate(text)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in special])
    ids = {token: tokenizer.token_to_id(token) for token in special}
    source = folder / "transformers"
    Fast(tokenizer_object=tokenizer, unk_token="<|endoftext|>").save_pretrained(source)
    WhisperFeatureExtractor(feature_size=80).save_pretrained(source)
    torch.manual_seed(0)
    model = WhisperForConditionalGeneration(_config(tokenizer.get_vocab_size() + 1501, ids))
    with torch.no_grad():
        model.model.decoder.embed_tokens.weight[: len(letters)] *= 50  # letters win over times and the end
    model.generation_config.begin_suppress_tokens = [ids["<|endoftext|>"]]
    model.save_pretrained(source)
    out = folder / "ct2"
    TransformersConverter(str(source), copy_files=["tokenizer.json", "preprocessor_config.json"]).convert(str(out))
    if multilingual:
        # The converter reads the languages from places that differ between versions of transformers.
        path = out / "config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "lang_ids": [ids[token] for token in languages]}))
    return out


def _config(vocabulary: int, ids: dict[str, int]) -> WhisperConfig:
    end = ids["<|endoftext|>"]
    return WhisperConfig(
        vocab_size=vocabulary,
        num_mel_bins=80,
        d_model=16,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        decoder_start_token_id=ids["<|startoftranscript|>"],
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
        suppress_tokens=[],
        begin_suppress_tokens=[end],
    )
