package io.facet.pipelines.doctor;

import io.facet.models.OnnxRuntime;
import io.facet.models.face.NativeImaging;
import io.facet.models.tensor.Torch;

/** The libraries with native code, loaded. */
public final class NativeCheck implements Check {
  @Override
  public String name() {
    return "native";
  }

  @Override
  public String look() {
    return "PyTorch %s with %d threads, ONNX Runtime %s, OpenCV %s"
        .formatted(
            Torch.version(),
            Torch.threads(),
            OnnxRuntime.environment().getVersion(),
            NativeImaging.version());
  }

  @Override
  public String cure() {
    return "libraries of this system are missing: build on this machine ('mvn package');"
        + " glibc 2.28 or newer is needed";
  }
}
