#!/bin/sh
# Puts the installer `uv` at .tools/bin/uv: the one on PATH if it is recent enough, otherwise our own copy.
set -eu
cd "$(dirname "$0")/.."
mkdir -p .tools/bin

found=$(command -v uv || true)
if [ -n "$found" ] && "$found" pip compile --help 2>/dev/null | grep -q -- --excludes; then
    ln -sf "$found" .tools/bin/uv
elif "${PYTHON:-python3}" -m venv .tools/venv >/dev/null 2>&1; then
    .tools/venv/bin/python -m pip install --quiet --require-hashes --no-deps -r requirements/uv.txt
    ln -sf ../venv/bin/uv .tools/bin/uv
else # Debian without python3-venv still has pip
    rm -rf .tools/venv
    "${PYTHON:-python3}" -m pip install --quiet --require-hashes --no-deps --upgrade --target .tools/lib -r requirements/uv.txt
    ln -sf ../lib/bin/uv .tools/bin/uv
fi
.tools/bin/uv --version
