#!/usr/bin/env bash
# Make the virtual environment (VENV, default .venv) with PYTHON (default: a Python 3.11 or newer that is found) and
# install heed into it: tools/install.sh WHAT, where WHAT is `.` or `.[dev]`.
#
# Packages come through the user's own pip configuration. One exception, said when it is made: on Linux PyPI's torch
# is built for NVIDIA cards and brings gigabytes of their libraries. Where there is no such card, and pip's
# configuration names no index or folder of its own, torch comes from PyTorch's index of processor-only builds.
# TORCH_INDEX=URL names another index, and `TORCH_INDEX=` (empty) takes torch from where pip gets everything else.
# Nothing is byte-compiled ahead (--no-compile): that is most of pip's work here, and most modules are never imported.
set -euo pipefail
what="${1:?usage: tools/install.sh WHAT}"
venv="${VENV:-.venv}"
cpu_index="https://download.pytorch.org/whl/cpu"

say() { printf 'heed setup: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
good() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2])' >/dev/null 2>&1; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
        if good "$candidate"; then echo "$candidate"; return; fi
    done
    fail "no Python 3.11 or newer found (looked for ${PYTHON:-python3.11, python3.12, python3.13, python3});" \
        "on Debian 12: sudo apt-get install python3 python3-venv, or name one with PYTHON=/path/to/python3.11"
}

make_venv() {
    local python root=()
    python="$(find_python)"
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then  # Debian ships them in a package of their own
        [ "$(id -u)" -eq 0 ] || root=(sudo -n)
        say "installing the Debian package python3-venv"
        "${root[@]}" apt-get -q install -y python3-venv >&2 ||
            { "${root[@]}" apt-get -q update >&2 && "${root[@]}" apt-get -q install -y python3-venv >&2; } ||
            fail "$python cannot make virtual environments; install its venv package: sudo apt-get install python3-venv"
    fi
    say "making $venv with $("$python" --version 2>&1)"
    "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade pip
}

own_sources() {
    local settings  # read to the end: under pipefail, `pip | grep -q` fails when grep stops listening
    settings="$("$venv/bin/python" -m pip config list 2>/dev/null)" || true
    [[ "$settings" =~ (index-url|find-links|no-index)= ]]
}
has_nvidia() { [ -e /dev/nvidia0 ] || [ -e /dev/nvidiactl ] || [ -e /dev/dxg ] || command -v nvidia-smi >/dev/null 2>&1; }
torch_pin() { sed -nE 's/^ *"(torch==[^"]+)".*/\1/p' pyproject.toml | head -1; }

torch_for_processor() {
    local index pin
    "$venv/bin/python" -c 'import importlib.metadata as m; m.version("torch")' 2>/dev/null && return
    if [ -n "${TORCH_INDEX+set}" ]; then
        index="$TORCH_INDEX"
    elif [ "$(uname -s)" = Linux ] && ! has_nvidia && ! own_sources; then
        index="$cpu_index"
    fi
    [ -n "${index:-}" ] || return 0
    pin="$(torch_pin)"
    say "no NVIDIA card: taking $pin from $index (TORCH_INDEX= takes it from your usual index)"
    "$venv/bin/python" -m pip install --disable-pip-version-check --no-compile --retries 1 --timeout 20 --no-deps \
        --index-url "$index" "$pin" ||  # its dependencies come from the usual index, in the next step
        say "that index did not answer; torch comes from the usual index, which on PyPI means some gigabytes"
}

usable() { [ -x "$venv/bin/python" ] && good "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1; }

usable || make_venv
torch_for_processor
say "installing heed ($what) and the Python packages it needs; the first time this takes some minutes"
"$venv/bin/python" -m pip install --disable-pip-version-check --no-compile -e "$what" |
    { grep --line-buffered -v '^Requirement already satisfied' || true; } ||
    fail "pip could not install heed; its message is above"
