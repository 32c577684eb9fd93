#!/bin/sh
# Resolves the newest releases that fit pyproject.toml and requirements/*.in, and writes the locks beside them: complete,
# hashed, for Python 3.11 and later (3.10 for Rasa), and naming no index, so that a mirror serves as well.
# torch.txt is written by hand.
set -eu
cd "$(dirname "$0")/.."

lock() {
    output=$1
    shift
    echo "lock: requirements/$output"
    .tools/bin/uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links \
        --custom-compile-command 'make lock' "$@" --output-file "requirements/$output"
}

lock uv.txt --python-version 3.8 --no-deps requirements/uv.in
lock app.txt --python-version 3.11 pyproject.toml
lock dev.txt --python-version 3.11 --constraint requirements/app.txt --group dev
lock build.txt --python-version 3.11 --constraint requirements/app.txt --excludes requirements/torch.in --group build
lock model.txt --python-version 3.11 --no-deps requirements/model.in
lock rasa.txt --python-version 3.10 --excludes requirements/rasa-unused.in requirements/rasa.in
lock rasa-dev.txt --python-version 3.10 requirements/rasa-dev.in
