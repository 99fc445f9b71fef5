#!/usr/bin/env bash
# The image's environment in two steps, so that the first, which takes long, is done anew only when a version changes.
#   install.sh packages FOLDER   a virtual environment with every package at its version, none of them resolved anew
#   install.sh dealwire FOLDER   Dealwire as a wheel, built from the current folder, and a look at whether all fits
# The environment gets no pip of its own: what is in it is what runs.
set -euo pipefail

step=${1:?packages or dealwire} folder=${2:?the folder of the environment}
pip=(python -m pip --disable-pip-version-check --python "$folder/bin/python")

case $step in
  packages)
    "${PYTHON:-python}" -m venv --without-pip "$folder"
    "${pip[@]}" install --quiet --no-deps -r docker/constraints.txt
    ;;
  dealwire)
    wheels=$(mktemp -d)
    trap 'rm -rf "$wheels"' EXIT
    python -m pip --disable-pip-version-check wheel --quiet --no-deps --wheel-dir "$wheels" .
    "${pip[@]}" install --quiet --no-deps --no-index --force-reinstall "$wheels"/*.whl
    "${pip[@]}" check
    ln -sfn "$("$folder/bin/python" -P -c 'import pathlib, dags; print(pathlib.Path(dags.__file__).parent)')" "$folder/dags"
    ;;
  *)
    echo "install.sh: no step '$step': packages or dealwire" >&2
    exit 2
    ;;
esac
