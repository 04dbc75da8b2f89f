package io.facet.models.device;

import java.util.Optional;

/** What a machine has beside its processors, as far as it can be asked without using it. */
interface Accelerators {
  /** Whether the system shows a GPU, usable or not: {@code /dev/nvidia0}. */
  boolean visible();

  /** Why the driver has no GPU to offer; empty: it has. */
  Optional<String> driverProblem();

  /** Whether the loaded PyTorch was built with CUDA. */
  boolean pytorchHasCuda();

  /** Whether DJL finds the CUDA runtime, by which it counts GPUs. */
  boolean runtimeFound();

  /** Number of GPUs; asked after the driver had no problem. */
  int count();

  /** Why a GPU cannot hold one number; empty: it can. */
  Optional<String> trialProblem(int index);

  /** Model, memory and versions of driver, runtime and cuDNN: {@code NVIDIA H200 ...}. */
  String description(int index);
}
