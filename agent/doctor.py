"""`heed doctor`: is everything there that heed needs, and if not, which command mends it.

Each check is a small function that returns a `Check` and can be tested by itself: what it asks of the machine are its
arguments. Nothing is fetched or changed.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import json
import os
import platform
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from agent.config import Config, LocalConfig, MqttConfig, WebConfig, load_config
from agent.models.store import MB, ModelStore, cache_folder
from agent.tables import ConfigError

State = Literal["ok", "warn", "fail"]

MIN_PYTHON = (3, 11)
MIN_MEMORY_GB = 3.0
SPARE_BYTES = 500 * MB
CONNECT_S = 3.0
PROBLEM_CHARS = 160
REINSTALL = "pip install --force-reinstall {}"


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check. `fix` is the command or setting that mends it, empty where nothing is wrong."""

    name: str
    state: State
    text: str
    fix: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `heed doctor`."""
    parser.description = "Check this machine: Python, libraries, models, devices, ports, broker, disk."
    parser.add_argument(
        "--config", type=Path, default=None, metavar="FILE", help="configuration (default: config.toml)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")


def run(args: argparse.Namespace) -> int:
    """Run all checks, print each, and return 1 if one failed, else 0."""
    show = _print_json if args.json else Printer(Console())
    checks = []
    for check in all_checks(args.config, ModelStore(cache_folder())):
        show(check)
        checks.append(check)
    failed = sum(check.state == "fail" for check in checks)
    if not args.json:
        warned = sum(check.state == "warn" for check in checks)
        print(f"\n{len(checks) - failed - warned} ok, {warned} to know about, {failed} failed")
    return 1 if failed else 0


def all_checks(config_file: Path | None, store: ModelStore) -> Iterator[Check]:
    """Every check in turn, each yielded as soon as it is done."""
    config, check = check_config(config_file)
    yield check
    yield check_python()
    yield check_memory(_memory_gb())
    yield check_library("torch", _torch, "pip install torch==2.13.0")
    yield check_library("onnxruntime", _onnxruntime, REINSTALL.format("onnxruntime"))
    yield check_library("opencv", _opencv, "sudo apt-get install libgl1 libglib2.0-0; pip install 'opencv-python<5'")
    yield check_library("pyav", _version_of("av"), REINSTALL.format("av"))
    yield check_library("aiortc", _version_of("aiortc"), REINSTALL.format("aiortc"))
    yield check_library("espeak-ng", _espeak, REINSTALL.format("espeakng-loader"))
    yield from check_models(store)
    yield check_disk(store)
    yield check_sound(config.local, _sound_devices)
    yield check_cameras(config.local, sorted(Path("/dev").glob("video*")))
    yield check_decoding(config.cameras.hardware_decoding)
    yield check_port("web port", config.web)
    yield check_mqtt(config.mqtt)
    yield check_program("mosquitto", "a broker of your own (heed has an embedded one)", "mosquitto")


def check_config(file: Path | None) -> tuple[Config, Check]:
    """The configuration, or the defaults where it cannot be used."""
    try:
        config = load_config(file)
    except ConfigError as error:
        return Config(), Check("configuration", "fail", str(error), "mend the file, then `heed check-config`")
    return config, Check("configuration", "ok", "can be used")


def check_python(version: Sequence[int] = tuple(sys.version_info[:3])) -> Check:
    """Is this Python new enough?"""
    text = f"{platform.python_implementation()} {'.'.join(map(str, version))} in {sys.prefix}"
    if tuple(version[:2]) < MIN_PYTHON:
        return Check("python", "fail", text, "use Python 3.11 or newer: make install PYTHON=python3.11")
    return Check("python", "ok", text)


def check_memory(total_gb: float | None) -> Check:
    """Is there room for the models? `total_gb` is None where the system does not say."""
    if total_gb is None:
        return Check("memory", "ok", "unknown on this system")
    text = f"{total_gb:.1f} GB, {os.cpu_count()} cores"
    if total_gb < MIN_MEMORY_GB:
        return Check("memory", "warn", text, f"heed needs up to 2.5 GB; {MIN_MEMORY_GB:.0f} GB are comfortable")
    return Check("memory", "ok", text)


def check_library(name: str, load: Callable[[], str], fix: str) -> Check:
    """Load a library or model; `load` returns what to say of it, or raises."""
    try:
        return Check(name, "ok", load())
    except Exception as error:  # whatever breaks in foreign code is what the doctor is asked about
        lines = f"{type(error).__name__}: {error}".splitlines()
        return Check(name, "fail", lines[0][:PROBLEM_CHARS], fix)


def check_models(store: ModelStore) -> Iterator[Check]:
    """Every model: is it there, and do the default ones load?"""
    for model in store.list():
        name = f"model {model.name}"
        size = f"{model.size_bytes / MB:.0f} MB"
        if model.state in ("missing", "damaged"):
            if not model.default:
                yield Check(name, "ok", f"{size}, optional, not pulled")
            else:
                yield Check(name, "fail", f"{model.state} ({model.role}, {size})", model.fix)
        elif load := LOADERS.get(model.name):
            yield check_library(name, partial(load, Path(model.where)), model.fix)
        else:
            yield Check(name, "ok", f"{model.role}, {model.source}")


def check_disk(store: ModelStore, free_bytes: Callable[[Path], int] | None = None) -> Check:
    """Is there disk for the models that are still to pull, and may we write there?"""
    folder = next(p for p in (store.folder, *store.folder.parents) if p.exists())
    missing = [e for e in store.catalog if e.default and not store.have(e.name)]
    need = sum(e.size_bytes for e in missing) + max((e.needed_bytes for e in missing), default=0)
    free = free_bytes(folder) if free_bytes else shutil.disk_usage(folder).free
    text = f"{free / MB / 1000:.1f} GB free for {store.folder}"
    elsewhere = "free some space, or set HEED_CACHE to a folder on a larger disk"
    if missing and not os.access(folder, os.W_OK):
        return Check("disk", "fail", f"{folder} cannot be written", "set HEED_CACHE to a folder of yours")
    if free < need:
        return Check("disk", "fail", f"{text}; pulling the models needs {need / MB:.0f} MB", elsewhere)
    return Check("disk", "ok", text) if free >= SPARE_BYTES else Check("disk", "warn", text, elsewhere)


def check_sound(local: LocalConfig, devices: Callable[[], list[dict[str, Any]]]) -> Check:
    """Microphones and loudspeakers. Missing ones fail only where the configuration uses them."""
    try:
        found = devices()
    except OSError:
        wanted = local.microphone or local.loudspeaker
        fix = "sudo apt-get install libportaudio2"
        return Check("sound", "fail" if wanted else "warn", "the PortAudio library is missing", fix)
    inputs = [d for d in found if d["max_input_channels"] > 0]
    outputs = [d for d in found if d["max_output_channels"] > 0]
    text = f"{len(inputs)} microphones, {len(outputs)} loudspeakers"
    if (local.microphone and not inputs) or (local.loudspeaker and not outputs):
        fix = "connect it, or empty local.microphone and local.loudspeaker in config.toml"
        return Check("sound", "fail", f"{text}, but the configuration uses one", fix)
    if not inputs:
        return Check("sound", "warn", text, "files, calls from a browser and network streams work without")
    return Check("sound", "ok", text)


def check_cameras(local: LocalConfig, devices: Sequence[Path]) -> Check:
    """Cameras of this machine. A missing one fails only where the configuration uses it."""
    closed = [str(d) for d in devices if not os.access(d, os.R_OK | os.W_OK)]
    if local.camera.startswith("/dev/") and Path(local.camera) not in devices:
        return Check("camera", "fail", f"{local.camera} is not there", "connect it, or empty local.camera")
    if closed:
        return Check(
            "camera", "warn", f"no access to {', '.join(closed)}", 'sudo usermod -aG video "$USER", log in anew'
        )
    if not devices:
        return Check("camera", "warn", "none", "files, calls from a browser and network streams work without")
    return Check("camera", "ok", ", ".join(map(str, devices)))


def check_decoding(wanted: str, try_out: Callable[[str, str], str] | None = None) -> Check:
    """What decodes cameras' pictures; `wanted` as in the configuration, `try_out` as `try_device`."""
    from av.codec.hwaccel import hwdevices_available

    from streams.sources.hardware import Hardware, try_device

    hardware = Hardware(wanted, try_out or try_device)
    name = "hardware decoding"
    if hardware.name:
        return Check(name, "ok", f"by {hardware.name} (cameras.hardware_decoding is {wanted})")
    if hardware.problem:
        return Check(name, "warn", f"{hardware.problem}: the processor decodes", 'cameras.hardware_decoding = "auto"')
    why = "switched off" if wanted == "no" else f"no device; FFmpeg knows {', '.join(hwdevices_available()) or 'none'}"
    return Check(name, "ok", f"by the processor ({why})")


def check_port(name: str, web: WebConfig) -> Check:
    """Can the web server listen?"""
    if not web.enabled:
        return Check(name, "ok", "switched off (web.enabled)")
    try:
        family = socket.getaddrinfo(web.host, web.port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind((web.host, web.port))
    except OSError as error:
        fix = "is heed running already? else set HEED_WEB_PORT (web.port) to a free one"
        return Check(name, "warn", f"{web.host}:{web.port}: {error.strerror or error}", fix)
    return Check(name, "ok", f"{web.host}:{web.port} is free")


def check_mqtt(
    mqtt: MqttConfig, connect: Callable[[tuple[str, int], float], socket.socket] = socket.create_connection
) -> Check:
    """Does the configured broker answer? The address is shown without name and password."""
    if not mqtt.url:
        return Check("mqtt", "ok", "no broker configured (mqtt.url)")
    if mqtt.url == "embedded":
        port = check_port("mqtt", WebConfig(host="127.0.0.1", port=mqtt.embedded_port))
        return Check("mqtt", port.state, f"embedded broker, {port.text}", "set mqtt.embedded_port" if port.fix else "")
    try:
        parts = urlsplit(mqtt.url)
        host, port_number = parts.hostname, parts.port or {"mqtt": 1883, "mqtts": 8883}.get(parts.scheme, 0)
    except ValueError:
        host, port_number = None, 0
    if not host or not port_number:
        return Check("mqtt", "fail", "mqtt.url is not a broker's address", "write it as mqtt://host:1883")
    try:
        connect((host, port_number), CONNECT_S).close()
    except OSError as error:
        text = f"{host}:{port_number}: {error.strerror or error}"
        return Check("mqtt", "fail", text, 'start the broker, correct mqtt.url, or use mqtt.url = "embedded"')
    return Check("mqtt", "ok", f"{host}:{port_number} answers")


def check_program(name: str, what_for: str, package: str, which: Callable[[str], str | None] | None = None) -> Check:
    """An optional program."""
    search = f"{os.defpath}:/usr/local/sbin:/usr/sbin:/sbin"
    found = which(name) if which else shutil.which(name) or shutil.which(name, path=search)
    if found:
        return Check(name, "ok", f"{found} ({what_for})")
    return Check(name, "warn", f"not installed; only for {what_for}", f"sudo apt-get install {package}")


def _memory_gb() -> float | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, ValueError, OSError):
        return None


def _version_of(module: str) -> Callable[[], str]:
    return lambda: str(importlib.import_module(module).__version__)


def _torch() -> str:
    import torch

    cards = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
    where = ", ".join(cards) if cards else "no CUDA device: models run on the processor"
    return f"{torch.__version__}, {torch.get_num_threads()} threads, {where}"


def _onnxruntime() -> str:
    import onnxruntime

    providers = [p.removesuffix("ExecutionProvider") for p in onnxruntime.get_available_providers()]
    return f"{onnxruntime.__version__}, providers {', '.join(providers)}"


def _opencv() -> str:
    import cv2

    if not hasattr(cv2, "HOGDescriptor"):
        raise ImportError(f"version {cv2.__version__} has no HOG detector; a version below 5 is needed")
    return str(cv2.__version__)


def _espeak() -> str:
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Info.restype = ctypes.c_char_p
    return f"{library.espeak_Info(None).decode()}, called as a library"


def _sound_devices() -> list[dict[str, Any]]:
    import sounddevice

    return [dict(device) for device in sounddevice.query_devices()]


def _load_language(folder: Path) -> str:
    from safetensors import safe_open

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    with safe_open(str(folder / "model.safetensors"), framework="pt") as weights:
        count = len(list(weights.keys()))
        weights.get_tensor("model.norm.weight")
    return f"loads: {config['num_hidden_layers']} layers, {count} tensors"


def _load_speech(folder: Path) -> str:
    for file in ("encoder_model.ort", "decoder_model_merged.ort"):
        _session(folder / file)
    return "loads: encoder and decoder"


def _load_pictures(folder: Path) -> str:
    import torch

    (file,) = folder.glob("*.pth")
    return f"loads: {len(torch.load(file, map_location='cpu', weights_only=True))} tensors"


def _load_onnx(file: Path) -> str:
    _session(file)
    return "loads"


def _load_cascade(file: Path) -> str:
    import cv2

    if cv2.CascadeClassifier(str(file)).empty():
        raise ValueError(f"{file} is no cascade")
    return "loads"


def _session(file: Path) -> None:
    import onnxruntime

    onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])


LOADERS: dict[str, Callable[[Path], str]] = {
    "smollm2-135m-instruct": _load_language,
    "moonshine-tiny-en": _load_speech,
    "efficientnet-lite0": _load_pictures,
    "silero-vad": _load_onnx,
    "rapidocr-ppocr-v4": _load_onnx,
    "opencv-haar": _load_cascade,
}


class Printer:
    """Prints each check as it is done: state, name, what was found, and the command that mends it."""

    COLOURS = {"ok": "green", "warn": "yellow", "fail": "bold red"}

    def __init__(self, console: Console) -> None:
        self._console = console

    def __call__(self, check: Check) -> None:
        """Print one check."""
        grid = Table.grid(padding=(0, 1))
        for width in (4, 28):
            grid.add_column(width=width, no_wrap=True)
        grid.add_column()
        mend = f"\n[bold]->[/bold] {_plain(check.fix)}" if check.fix else ""
        colour = self.COLOURS[check.state]
        grid.add_row(f"[{colour}]{check.state}[/{colour}]", _plain(check.name), _plain(check.text) + mend)
        self._console.print(grid, highlight=False)


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


def _print_json(check: Check) -> None:
    print(json.dumps(asdict(check), ensure_ascii=False), flush=True)
