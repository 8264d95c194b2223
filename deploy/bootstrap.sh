#!/bin/sh
# Find a Python that is new enough (install it when we are root on Debian or Ubuntu) and let it
# run deploy/bootstrap.py. PYTHON=... chooses another one.
set -eu

find_python() {
    for name in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
}

python=$(find_python)
if [ -z "$python" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Python installeren ..."
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        python3 python3-venv >/dev/null
    python=$(find_python)
fi
if [ -z "$python" ]; then
    echo "Python 3.11 of nieuwer ontbreekt op deze computer." >&2
    if command -v apt-get >/dev/null; then
        echo "Typ: sudo apt-get install python3 python3-venv" >&2
    elif command -v brew >/dev/null; then
        echo "Typ: brew install python@3.13" >&2
    fi
    echo "Staat een nieuwere Python ergens anders? Typ: make setup PYTHON=/pad/naar/python3" >&2
    exit 1
fi
exec "$python" deploy/bootstrap.py "$@"
