# Flink itself, from two packages of Python's registry: Apache publishes its jars there, and its
# scripts in a second package. Sourced by cluster and flink; gives the functions below.
# Needs: $here (infra/flink), die.

cache=${FACET_CACHE:-$HOME/.cache/facet}/flink
flink_version=1.19.3
flink_home=$cache/flink-$flink_version

# Downloads, verifies and unpacks Flink unless that was done before.
prepare_distribution() {
  case $cache in
    *[[:space:]]*) die "the cache folder '$cache' has a space in its name, which Flink's scripts cannot take. Set FACET_CACHE." ;;
  esac
  mkdir -p "$cache"
  exec 8>"$cache/.lock"
  flock 8
  if [ ! -f "$flink_home/.complete" ]; then
    install_distribution
  fi
  exec 8>&-
}

install_distribution() {
  local python=${FACET_PYTHON:-python3} packages=$cache/packages log=$cache/download.log
  command -v "$python" >/dev/null 2>&1 ||
    die "no Python found. Flink is downloaded with pip: install Python 3.9 or newer, or set FACET_PYTHON."
  "$python" -m pip --version >/dev/null 2>&1 ||
    die "'$python -m pip' does not work. Install pip for it, or set FACET_PYTHON to a Python that has it."
  printf 'flink: downloading Flink %s into %s (230 MB, once)\n' "$flink_version" "$cache" >&2
  rm -rf "$packages" "$flink_home"
  {
    "$python" -m pip download --no-input --disable-pip-version-check --no-deps --no-binary :all: \
      --dest "$packages" "apache-flink-libraries==$flink_version" &&
      "$python" -m pip download --no-input --disable-pip-version-check --no-deps \
        --only-binary :all: --python-version 3.11 --implementation cp --abi cp311 \
        --platform manylinux2014_x86_64 \
        --dest "$packages" "apache-flink==$flink_version"
  } >"$log" 2>&1 ||
    die "the download failed; $log says why. Check the network and pip's index and proxy settings, then try again."
  (cd "$packages" && sha256sum --check --quiet --strict "$here/SHA256SUMS") >>"$log" 2>&1 ||
    die "the downloaded packages are not those that were pinned (infra/flink/SHA256SUMS); see $log. Check pip's index."
  unpack_distribution "$python" "$packages"
  rm -rf "$packages"
}

unpack_distribution() {
  local python=$1 packages=$2 part
  local unpacked=$cache/unpacked
  rm -rf "$unpacked"
  mkdir -p "$unpacked"
  tar -xzf "$packages"/apache-flink-libraries-*.tar.gz -C "$unpacked" --strip-components=1
  "$python" -m zipfile -e "$packages"/apache_flink-*.whl "$unpacked/wheel"
  mkdir -p "$flink_home"
  for part in lib opt plugins bin; do
    mv "$unpacked/deps/$part" "$flink_home/$part"
  done
  mv "$unpacked"/wheel/pyflink/bin/* "$flink_home/bin/"
  mv "$unpacked/wheel/pyflink/conf" "$flink_home/conf"
  chmod +x "$flink_home"/bin/*.sh "$flink_home/bin/flink"
  rm -rf "$unpacked"
  touch "$flink_home/.complete"
}

# Fills the folder $1 with Flink's jars and those of the build $2 that belong beside them. They are
# copied once into the cache, so that a new build does not take them from a running cluster.
fill_lib() {
  local folder=$1 build=$2
  rm -rf "$folder"
  mkdir -p "$folder" "$cache/native"
  ln -s "$flink_home"/lib/*.jar "$folder/"
  add_libraries "$folder" "$here/native-libraries" "$build/lib"
  if [ -d "$build/storage" ]; then
    add_libraries "$folder" "$here/hadoop-libraries" "$build/lib" "$build/storage"
  fi
}

# Adds to the folder $1 the jars that the list $2 names, from the folders behind them.
add_libraries() {
  local folder=$1 list=$2 pattern from jar kept found
  shift 2
  while read -r pattern; do
    case $pattern in '' | '#'*) continue ;; esac
    found=
    for from in "$@"; do
      # shellcheck disable=SC2086 # a pattern
      for jar in "$from"/$pattern; do
        [ -f "$jar" ] || continue
        found=yes
        kept=$cache/native/${jar##*/}
        if ! cmp -s "$jar" "$kept"; then
          cp "$jar" "$kept.$$" && mv "$kept.$$" "$kept"
        fi
        ln -sf "$kept" "$folder/"
      done
    done
    [ -n "$found" ] || die "no $pattern in $*: build Facet again ('mvn package')."
  done <"$list"
}
