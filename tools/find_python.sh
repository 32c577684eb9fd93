#!/bin/sh
# Prints a Python that works, for the first version asked for that there is: `tools/find_python.sh 3.11 3.12`.
#
# Looks on PATH and in pyenv's folders. A pyenv shim on PATH may stand for a version that is not switched on, so each
# candidate is run. When there is none, prints the first version itself, which uv then downloads.
set -eu
first=$1
pyenv_root=${PYENV_ROOT:-$HOME/.pyenv}

works() {
    "$1" -c "import ctypes, sqlite3, ssl, sys; sys.exit('%d.%d' % sys.version_info[:2] != '$2')" 2>/dev/null
}

for version in "$@"; do
    for candidate in "$(command -v "python$version" || true)" "$pyenv_root/versions/$version".*/bin/python; do
        if [ -x "$candidate" ] && works "$candidate" "$version"; then
            "$candidate" -c 'import os, sys; print(os.path.realpath(sys.executable))'
            exit
        fi
    done
done
echo "$first"
