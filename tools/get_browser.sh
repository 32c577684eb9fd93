#!/bin/sh
# Sees to it that the browser tests find a Chromium: one that is installed, else the system's package (as root),
# else Playwright's own.
set -eu
cd "$(dirname "$0")/.."

installed() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name"; then return 0; fi
    done
    return 1
}

if path=$(installed); then
    echo "setup: browser $path"
    exit
fi
echo "setup: the browser for the tests"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    if (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium) >/dev/null 2>&1; then
        installed >/dev/null && exit
    fi
fi
.venv/bin/python -m playwright install chromium
