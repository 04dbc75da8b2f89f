# Makes private Python environments for benchmarks. Source it, then:
#   python=$(python_environment NAME PACKAGE==VERSION ...)

# Prints the Python of the environment NAME, installed on demand below the user's cache folder.
python_environment() {
  local name=$1 cache folder
  shift
  cache=${FACET_CACHE:-$HOME/.cache/facet}
  folder=$cache/$name
  mkdir -p "$cache"
  (
    flock 9
    if [ "$(cat "$folder/facet-complete" 2>/dev/null)" != "$*" ]; then
      printf 'bench: installing %s into %s (once)\n' "$*" "$folder" >&2
      rm -rf "$folder"
      python3 -m venv "$folder" >"$folder.log" 2>&1 &&
        "$folder/bin/pip" install --quiet --no-input --disable-pip-version-check "$@" \
          >>"$folder.log" 2>&1 &&
        printf '%s\n' "$*" >"$folder/facet-complete"
    fi
  ) 9>"$folder.lock" || {
    printf 'bench: the installation failed; see %s\n' "$folder.log" >&2
    return 2
  }
  printf '%s\n' "$folder/bin/python"
}

# The environment of the benchmarks that compare with PyTorch.
bench_torch() {
  python_environment bench-torch-2.7.1 torch==2.7.1 numpy==2.2.6 safetensors==0.5.3
}

# The environment of the checks without a GPU: PyTorch alone, none of NVIDIA's libraries.
check_torch() {
  python_environment check-torch-2.7.1 --no-deps --no-compile torch==2.7.1 typing-extensions==4.15.0
}
