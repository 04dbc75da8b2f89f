package io.facet.models.device;

import ai.djl.Device;
import io.facet.models.backbone.Features;
import io.facet.models.tensor.Autocast;

/**
 * Number format of forward passes; embeddings, identity heads, losses, weights and optimiser are in
 * float32 always.
 */
public enum ForwardPrecision {
  /** 32 bits everywhere. */
  FLOAT32,
  /** Products and convolutions of a GPU round their operands to 19 bits. */
  TF32,
  /** PyTorch's autocast to bfloat16, of student and live teacher. */
  BF16;

  /** A stretch of forward passes in this format. */
  @FunctionalInterface
  public interface Stretch extends AutoCloseable {
    @Override
    void close();
  }

  /** Prepares this process for a training; before its first step. */
  public void prepare(Device device) {
    if (device.isGpu()) {
      Autocast.allowTf32(this == TF32);
    }
  }

  /** What a forward pass gave, as float32. */
  public Features finish(Features outputs) {
    return this == BF16 ? outputs.float32() : outputs;
  }

  /** Begins forward passes on a device in this thread; close it before losses are computed. */
  public Stretch begin(Device device) {
    return this == BF16 ? Autocast.bfloat16(device)::close : () -> {};
  }
}
