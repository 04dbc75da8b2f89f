package io.facet.models.tensor;

import ai.djl.Device;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.facet.models.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Number formats of forward passes by PyTorch's own switches, which DJL does not show: autocast to
 * bfloat16 for as long as it is open, in this thread alone, and TF32 for products of a GPU.
 *
 * <p>An array in bfloat16 must not be asked for its type: DJL has no name for it and ends the
 * process. {@link TorchOps#float32} makes it an ordinary one, with gradients.
 */
public final class Autocast implements AutoCloseable {
  private static final String LIBRARY = "libtorch_cpu.so";
  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final int BFLOAT16 = 15;
  private static final int CPU = 0;
  private static final int CUDA = 1;

  private static final ThreadLocal<Device> OPEN = new ThreadLocal<>();

  private final int device;

  private Autocast(int device) {
    this.device = device;
  }

  /** Where forward passes of this thread are in bfloat16 now. */
  static Optional<Device> open() {
    return Optional.ofNullable(OPEN.get());
  }

  /**
   * Forward passes in bfloat16 where that keeps what they compute (PyTorch's list of operators);
   * weights stay in float32.
   *
   * @throws RecipeException if the library has no such switches
   */
  public static Autocast bfloat16(Device where) {
    int device = where.isGpu() ? CUDA : CPU;
    Switches.DTYPE.invokeVoid(new Object[] {(byte) device, (byte) BFLOAT16});
    Switches.ENABLED.invokeVoid(new Object[] {(byte) device, (byte) 1});
    OPEN.set(where);
    return new Autocast(device);
  }

  /** Whether a GPU's products and convolutions may round their operands to TF32. */
  public static void allowTf32(boolean allowed) {
    Object[] arguments = {Switches.CONTEXT, (byte) (allowed ? 1 : 0)};
    Switches.TF32_PRODUCTS.invokeVoid(arguments);
    Switches.TF32_CONVOLUTIONS.invokeVoid(arguments);
  }

  /** Back to float32; rounded copies of weights are dropped. */
  @Override
  public void close() {
    Switches.ENABLED.invokeVoid(new Object[] {(byte) device, (byte) 0});
    Switches.CLEAR.invokeVoid(new Object[0]);
    OPEN.remove();
  }

  /** Functions of the library by their C++ names. */
  private static final class Switches {
    private static final NativeLibrary TORCH = library();
    static final Function DTYPE =
        find("_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE");
    static final Function ENABLED =
        find("_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb");
    static final Function CLEAR = find("_ZN2at8autocast11clear_cacheEv");
    static final Function TF32_PRODUCTS = find("_ZN2at7Context18setAllowTF32CuBLASEb");
    static final Function TF32_CONVOLUTIONS = find("_ZN2at7Context17setAllowTF32CuDNNEb");
    static final Pointer CONTEXT = find("_ZN2at13globalContextEv").invokePointer(new Object[0]);

    private static Function find(String name) {
      try {
        return TORCH.getFunction(name);
      } catch (UnsatisfiedLinkError e) {
        throw new RecipeException(
            "precision: this build of PyTorch has no %s; choose float32".formatted(name));
      }
    }

    /** The library that DJL has loaded, by its place in this process. */
    private static NativeLibrary library() {
      Torch.start();
      try (Stream<String> lines = Files.lines(MAPS)) {
        return lines
            .filter(line -> line.endsWith("/" + LIBRARY))
            .map(line -> NativeLibrary.getInstance(line.substring(line.indexOf('/'))))
            .findFirst()
            .orElseThrow(() -> unknown(null));
      } catch (IOException e) {
        throw unknown(e);
      }
    }

    private static RecipeException unknown(IOException cause) {
      return new RecipeException(
          "precision: only float32 is possible here: %s is not found in this process"
              .formatted(LIBRARY),
          cause);
    }
  }
}
