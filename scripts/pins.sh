#!/bin/sh
# Resolves pyproject.toml for every supported Python at once. Names, versions and hashes only: no index address.
set -eu
cd "$(dirname "$0")/.."
compile="${VENV:-.venv}/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --upgrade
    --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet"
$compile --output-file requirements/base.txt
$compile --extra dev --constraint requirements/base.txt --output-file requirements/dev.txt
