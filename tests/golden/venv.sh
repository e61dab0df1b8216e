#!/usr/bin/env bash
# venv.sh DIR: the Python that validates records, with the validator of JSON Schema at a fixed version. The second run does nothing.
set -euo pipefail
[ -f "$1/ready" ] && exit 0
python3 -m venv "$1"
"$1/bin/pip" install --quiet --disable-pip-version-check jsonschema==4.23.0
touch "$1/ready"
