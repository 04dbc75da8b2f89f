package io.facet.models.device;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.Torch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The GPUs that NVIDIA's driver shows, by its C interface; never run on hardware by us. */
final class NvidiaDriver implements Accelerators {
  private static final Path FIRST = Path.of("/dev/nvidia0");
  private static final int NAME_LENGTH = 256;
  private static final long MEGABYTE = 1 << 20;

  /** Of cuDeviceGetAttribute: compute capability, both parts. */
  private static final int CAPABILITY_MAJOR = 75;

  private static final int CAPABILITY_MINOR = 76;

  @Override
  public boolean visible() {
    return Files.exists(FIRST);
  }

  @Override
  public Optional<String> driverProblem() {
    Optional<NativeLibrary> driver = driver();
    if (driver.isEmpty()) {
      return Optional.of("no NVIDIA driver is installed (libcuda.so.1 is not found)");
    }
    int code = call(driver.get(), "cuInit", 0);
    return code == 0
        ? Optional.empty()
        : Optional.of("the NVIDIA driver finds no GPU (cuInit returns %d)".formatted(code));
  }

  @Override
  public boolean pytorchHasCuda() {
    return Torch.hasCuda();
  }

  @Override
  public boolean runtimeFound() {
    return library("cudart").isPresent();
  }

  @Override
  public int count() {
    IntByReference count = new IntByReference();
    call(driver().orElseThrow(), "cuDeviceGetCount", count);
    return count.getValue();
  }

  @Override
  public Optional<String> trialProblem(int index) {
    try (NDManager manager = Torch.newManager()) {
      NewArray.zeros(manager, Device.gpu(index), new Shape(1)).close();
      return Optional.empty();
    } catch (EngineException e) {
      return Optional.of(e.getMessage().lines().findFirst().orElse("no reason given"));
    }
  }

  @Override
  public String description(int index) {
    NativeLibrary driver = driver().orElseThrow();
    IntByReference device = new IntByReference();
    call(driver, "cuDeviceGet", device, index);
    String name;
    try (Memory text = new Memory(NAME_LENGTH)) {
      call(driver, "cuDeviceGetName", text, NAME_LENGTH, device.getValue());
      name = text.getString(0);
    }
    LongByReference memory = new LongByReference();
    call(driver, "cuDeviceTotalMem_v2", memory, device.getValue());
    return "%s, %d MB, compute capability %d.%d, driver for CUDA %s, cuDNN %s"
        .formatted(
            name,
            memory.getValue() / MEGABYTE,
            attribute(driver, CAPABILITY_MAJOR, device.getValue()),
            attribute(driver, CAPABILITY_MINOR, device.getValue()),
            driverVersion(driver),
            library("cudnn")
                .map(
                    cudnn -> Long.toString(cudnn.getFunction("cudnnGetVersion").invokeLong(none())))
                .orElse("of PyTorch"));
  }

  private static int attribute(NativeLibrary driver, int which, int device) {
    IntByReference value = new IntByReference();
    call(driver, "cuDeviceGetAttribute", value, which, device);
    return value.getValue();
  }

  /** 12080 stands for 12.8. */
  private static String driverVersion(NativeLibrary driver) {
    IntByReference version = new IntByReference();
    call(driver, "cuDriverGetVersion", version);
    return version.getValue() / 1000 + "." + version.getValue() % 1000 / 10;
  }

  private static Object[] none() {
    return new Object[0];
  }

  private static int call(NativeLibrary library, String function, Object... arguments) {
    return library.getFunction(function).invokeInt(arguments);
  }

  private static Optional<NativeLibrary> driver() {
    return library("libcuda.so.1");
  }

  private static Optional<NativeLibrary> library(String name) {
    try {
      return Optional.of(NativeLibrary.getInstance(name));
    } catch (UnsatisfiedLinkError e) {
      return Optional.empty();
    }
  }
}
