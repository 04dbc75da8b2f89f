# Makes the process use PyTorch's libraries for NVIDIA GPUs; sourced by java.sh where FACET_TORCH names
# the folder of infra/gpu/install, or the site-packages folder of a Python that has the same PyTorch.
# Needs: $lib, fail. Gives: more ${options[@]}. Variables PYTORCH_... of the environment have the last word.

jni=$(basename "$lib"/pytorch-jni-*.jar)
jni=${jni#pytorch-jni-}
torch_version=${jni%%-*}

case $FACET_TORCH in
  /*) ;;
  *) FACET_TORCH=$PWD/$FACET_TORCH ;;
esac
case $FACET_TORCH in
  *[[:space:]]*) fail "FACET_TORCH: the folder '$FACET_TORCH' has a space in its name, which Flink's scripts cannot take." ;;
esac
cure="./infra/gpu/install makes one (infra/docs/gpu.md)."
[ -f "$FACET_TORCH/torch/lib/libtorch_cpu.so" ] ||
  fail "FACET_TORCH: $FACET_TORCH is no folder of PyTorch's libraries, it has no torch/lib/libtorch_cpu.so. $cure"
[ -f "$FACET_TORCH/torch/lib/libtorch_cuda.so" ] ||
  fail "FACET_TORCH: the PyTorch in $FACET_TORCH is one without CUDA. $cure"
[ -n "$(find "$FACET_TORCH" -maxdepth 1 \( -name "torch-$torch_version.dist-info" -o -name "torch-$torch_version+*.dist-info" \))" ] ||
  fail "FACET_TORCH: $FACET_TORCH holds another PyTorch than $torch_version, which this Facet needs. $cure"

options+=(
  "-DPYTORCH_LIBRARY_PATH=$FACET_TORCH/torch/lib"
  "-DPYTORCH_VERSION=$torch_version"
)
# The driver's library comes with the driver, and PyTorch's for CUDA do not load without it.
if ldd "$FACET_TORCH/torch/lib/libcaffe2_nvrtc.so" | grep -q 'libcuda\.so\.1 => not found'; then
  printf 'facet: FACET_TORCH is set, but there is no NVIDIA driver here (libcuda.so.1): computing on the processor\n' >&2
  options+=(-DPYTORCH_FLAVOR=cpu)
else
  # DJL counts GPUs through libcudart, and does not look for it beside PyTorch.
  options+=(-DPYTORCH_FLAVOR=cu128 "-Djna.library.path=$FACET_TORCH/nvidia/cuda_runtime/lib")
fi
