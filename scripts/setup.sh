#!/bin/sh
# Makes .venv with the pinned packages. Usage: scripts/setup.sh base|dev
# Does nothing when the pins have not changed since the last time.
set -eu
cd "$(dirname "$0")/.."
kind="${1:-base}"
venv="${VENV:-.venv}"
pins="requirements/$kind.txt"
uv_pin="uv>=0.9,<1"

say() { printf '%s\n' "$*"; }
fail() { say "ERROR: $*" >&2; exit 1; }

find_python() {
    for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2])' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed. Debian and Ubuntu: apt install python3 python3-pip python3-venv"
}

# Debian ships `venv` without its installer of pip, so four ways are tried, the plain one first.
make_venv() {
    python="$1"
    rm -rf "$venv"
    if "$python" -m venv "$venv" >/dev/null 2>&1 && [ -x "$venv/bin/pip" ]; then
        return
    fi
    rm -rf "$venv"
    if "$python" -m venv --without-pip "$venv" >/dev/null 2>&1; then
        return
    fi
    rm -rf "$venv"
    say "This Python cannot make virtual environments; trying virtualenv"
    boot=$(mktemp -d)
    if "$python" -m pip install --quiet --target "$boot" virtualenv 2>/dev/null &&
        PYTHONPATH="$boot" "$python" -m virtualenv --quiet "$venv"; then
        rm -rf "$boot"
        return
    fi
    rm -rf "$boot"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing python3-venv"
        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null && "$python" -m venv "$venv" && return
    fi
    fail "no virtual environment could be made. Install it with: sudo apt install python3-venv"
}

# uv is ten times as fast as pip, and works in an environment that has no pip of its own.
install_uv() {
    python="$1"
    if [ -x "$venv/bin/uv" ]; then return 0; fi
    if [ -x "$venv/bin/pip" ] && "$venv/bin/pip" install --quiet "$uv_pin"; then return 0; fi
    if "$python" -m pip --python "$venv/bin/python" install --quiet "$uv_pin" 2>/dev/null; then return 0; fi
    if "$python" -m pip install --quiet --target "$venv/boot" "$uv_pin" 2>/dev/null; then
        ln -sf "../boot/bin/uv" "$venv/bin/uv"
        return 0
    fi
    return 1
}

install_pins() {
    python="$1"
    if install_uv "$python"; then
        "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --require-hashes -r "$pins" && return
        say "uv could not install the packages; trying pip"
    fi
    [ -x "$venv/bin/pip" ] || "$venv/bin/python" -m ensurepip >/dev/null 2>&1 ||
        fail "pip is missing. Install it with: sudo apt install python3-pip python3-venv"
    "$venv/bin/python" -m pip install --quiet --require-hashes -r "$pins"
}

hash=$(cksum <"$pins" | tr ' ' '-')
stamp="$venv/.$kind-$hash"
# dev holds all of base: it serves as both, as long as base has not changed either.
base_hash=$(cksum <requirements/base.txt | tr ' ' '-')
if [ -x "$venv/bin/python" ] && [ -f "$stamp" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    exit 0
fi

python=$(find_python)
if ! { [ -x "$venv/bin/python" ] && "$venv/bin/python" -c '' 2>/dev/null; }; then
    say "Making $venv with $("$python" --version)"
    make_venv "$python"
fi
say "Installing packages ($pins)"
install_pins "$python"
rm -f "$venv/.$kind-"*
: >"$stamp"
if [ "$kind" = dev ]; then : >"$venv/.base-$base_hash"; fi
