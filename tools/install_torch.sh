#!/bin/sh
# Installs the CPU build of torch into .venv: from the folder of wheels that uv or pip is told of, otherwise from the
# project's index of CPU builds. Only if neither can be had, the default build, which brings gigabytes of CUDA.
set -eu
cd "$(dirname "$0")/.."
install() {
    .tools/bin/uv pip install --quiet --python .venv "$@" -r requirements/torch.txt
}

if [ -z "${UV_FIND_LINKS:-}" ]; then
    UV_FIND_LINKS=$("${PYTHON:-python3}" -m pip config get global.find-links 2>/dev/null | tr -s ' \n' ',' || true)
    export UV_FIND_LINKS
fi
if [ -n "$UV_FIND_LINKS" ] && install --no-deps --no-index 2>/dev/null; then
    exit
fi
if install --no-deps --torch-backend cpu; then
    exit
fi
echo "setup: the CPU build of torch cannot be had; taking the default build (several GB)"
install
