package io.facet.models.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import io.facet.models.RecipeException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceChoiceTest {
  /** A machine with one GPU that works, unless something is taken from it. */
  private static final class Machine implements Accelerators {
    boolean visible = true;
    Optional<String> driverProblem = Optional.empty();
    boolean cuda = true;
    boolean runtime = true;
    int count = 1;
    Optional<String> trialProblem = Optional.empty();

    @Override
    public boolean visible() {
      return visible;
    }

    @Override
    public Optional<String> driverProblem() {
      return driverProblem;
    }

    @Override
    public boolean pytorchHasCuda() {
      return cuda;
    }

    @Override
    public boolean runtimeFound() {
      return runtime;
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public Optional<String> trialProblem(int index) {
      return trialProblem;
    }

    @Override
    public String description(int index) {
      return "a card";
    }
  }

  private final Machine machine = new Machine();

  @Test
  void autoTakesTheFirstGpuThatWorks() {
    DeviceChoice choice = DeviceChoice.of("auto", machine);
    assertThat(choice).isEqualTo(new DeviceChoice("cuda:0", "a card", Optional.empty()));
    assertThat(choice.device()).isEqualTo(Device.gpu(0));
    assertThat(choice.isHost()).isFalse();
  }

  @Test
  void autoSaysWhyAGpuInSightIsNotUsed() {
    machine.cuda = false;
    DeviceChoice choice = DeviceChoice.of("auto", machine);
    assertThat(choice.device()).isEqualTo(Device.cpu());
    assertThat(choice.description()).startsWith("no usable GPU: the PyTorch in use");
    assertThat(choice.warning().orElseThrow())
        .contains("is not used", "infra/gpu/install", "FACET_TORCH");
  }

  @Test
  void autoIsSilentWhereNoGpuIsInSight() {
    machine.visible = false;
    machine.driverProblem = Optional.of("no NVIDIA driver is installed");
    DeviceChoice choice = DeviceChoice.of("auto", machine);
    assertThat(choice.isHost()).isTrue();
    assertThat(choice.warning()).isEmpty();
  }

  @Test
  void aGpuWithoutDriverIsRefused() {
    machine.driverProblem = Optional.of("no NVIDIA driver is installed");
    assertRefused("cuda", "no NVIDIA driver is installed");
  }

  @Test
  void aGpuThatDoesNotExistIsRefused() {
    assertRefused("cuda:1", "the driver shows 1 GPU, numbered from 0");
    assertThat(DeviceChoice.of("cuda:0", machine).name()).isEqualTo("cuda:0");
  }

  @Test
  void aPyTorchWithoutCudaIsRefused() {
    machine.cuda = false;
    assertRefused("cuda", "built for processors alone", "infra/gpu/install");
  }

  @Test
  void aMissingRuntimeIsRefused() {
    machine.runtime = false;
    assertRefused("cuda", "libcudart.so is not found", "libcudart.so.12");
  }

  @Test
  void aGpuThatHoldsNothingIsRefused() {
    machine.trialProblem = Optional.of("CUDA error: out of memory");
    assertRefused("cuda", "CUDA error: out of memory", "nvidia-smi");
  }

  private void assertRefused(String wanted, String... parts) {
    assertThatThrownBy(() -> DeviceChoice.of(wanted, machine))
        .isInstanceOf(RecipeException.class)
        .hasMessageStartingWith("device: " + wanted + " cannot be used: ")
        .hasMessageContaining("device: cpu")
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  @Test
  void theProcessorIsNeverLookedFor() {
    assertThat(DeviceChoice.of("cpu"))
        .isEqualTo(new DeviceChoice("cpu", "as chosen", Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpu", "cuda:", "cuda:x", "CPU", "", "mps"})
  void otherNamesAreNone(String name) {
    assertThat(DeviceChoice.NAMES.matcher(name).matches()).isFalse();
  }
}
