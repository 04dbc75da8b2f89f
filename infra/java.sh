# Finds Java, builds what is missing and sets up the process; sourced by facet and the benchmarks. In an
# unpacked release there are no sources, and nothing is built.
# Gives: $root, $lib (all jars), ${environment[@]} and ${options[@]} of every JVM that computes,
# ${java[@]}, the whole command, and ${quick[@]}, more options of commands that end within seconds.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dist="$root/pipelines/target/dist"
[ -f "$root/pom.xml" ] || dist="$root/dist"
lib="$dist/lib"
stamp="$dist/.built"

fail() {
  printf 'facet: %s\n' "$1" >&2
  exit 2
}

program=java
[ -n "${JAVA_HOME:-}" ] && program="$JAVA_HOME/bin/java"
command -v "$program" >/dev/null 2>&1 ||
  fail "no Java found. Install a JDK 17 (up to 21) and put java on PATH or set JAVA_HOME."
version=$("$program" -XshowSettings:properties -version 2>&1 |
  sed -n 's/^ *java.specification.version = //p')
case "$version" in
  17 | 18 | 19 | 20 | 21) ;;
  *) fail "Java $version found at $(command -v "$program"); Facet runs on JDK 17 to 21. Set JAVA_HOME to one." ;;
esac

sources=("$root/pom.xml")
for module in models transforms tracking pipelines; do
  sources+=("$root/$module/pom.xml" "$root/$module/src/main")
done

if [ ! -f "$root/pom.xml" ]; then
  [ -d "$lib" ] || fail "$lib is missing. Unpack the archive again."
elif [ ! -f "$stamp" ] || [ -n "$(find "${sources[@]}" -newer "$stamp" -print -quit)" ]; then
  command -v mvn >/dev/null 2>&1 ||
    fail "no Maven found. Install Maven 3.8 or newer: the first run builds Facet with it."
  printf 'facet: building (about two minutes the first time) ...\n' >&2
  (cd "$root" && mvn -q -B -ntp -DskipTests -Dfacet.skipTestCompile=true package) >&2 ||
    fail "the build failed; its messages are above."
  touch "$stamp"
fi

# Idle tensor threads sleep rather than spin; the image library does not log bad images itself.
# Tensors are freed and taken again in every step. One arena that is never given back to the system
# saves a fifth of training's processor time, which the kernel otherwise spends on fresh pages
# (infra/bench/README.md), and holds less than one arena a thread. Left alone, the collector would
# rather fill gigabytes with the pixels of past batches than work a little more often.
environment=(
  OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"
  MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
  MALLOC_MMAP_MAX_="${MALLOC_MMAP_MAX_:-0}"
  MALLOC_TRIM_THRESHOLD_="${MALLOC_TRIM_THRESHOLD_:-1000000000000}"
  OPENCV_LOG_LEVEL="${OPENCV_LOG_LEVEL:-SILENT}"
)
# Java spells file names in the encoding of the locale: under LC_ALL=C, which cron, systemd and
# containers have, it could not open a folder called José. -Dsun.jnu.encoding does not change that.
case "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}" in
  *[Uu][Tt][Ff]-8* | *[Uu][Tt][Ff]8*) ;;
  *) environment+=(LC_ALL=C.UTF-8) ;;
esac
options=(
  -XX:+UseParallelGC -XX:NewSize=128m -XX:MaxNewSize=256m -XX:GCTimeRatio=9
  -Dai.djl.offline=true -DOPT_OUT_TRACKING=true
  -Dorg.bytedeco.javacpp.maxPhysicalBytes=0
  -Djava.awt.headless=true
)
# Of commands that end within seconds: compiling what runs for milliseconds once more, as well as
# possible, takes more of the processors than it saves.
quick=(
  -XX:Tier4InvocationThreshold=250000 -XX:Tier4MinInvocationThreshold=30000
  -XX:Tier4CompileThreshold=750000 -XX:Tier4BackEdgeThreshold=2000000
)
if [ -n "${FACET_TORCH:-}" ]; then
  # shellcheck source=infra/gpu/torch.sh
  . "$root/infra/gpu/torch.sh"
fi
# What s3:// and hdfs:// need is there if it was built (infra/docs/storage.md).
storage=
[ -d "$dist/storage" ] && storage=":$dist/storage/*"
# shellcheck disable=SC2206 # FACET_JAVA_OPTS holds several words
java=(env "${environment[@]}" "$program" "${options[@]}" -Dfacet.root="$root"
  ${FACET_JAVA_OPTS:-} -cp "$lib/*$storage${FACET_CLASSPATH:+:$FACET_CLASSPATH}")
