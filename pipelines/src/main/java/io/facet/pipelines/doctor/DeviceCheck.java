package io.facet.pipelines.doctor;

import io.facet.models.device.DeviceChoice;
import io.facet.models.train.DeviceTrial;
import java.util.Locale;

/**
 * A device trains as the host does: what a report of a fault on a GPU should hold.
 *
 * @param wanted as recipes name it
 */
public record DeviceCheck(String wanted) implements Check {
  @Override
  public String name() {
    return "device";
  }

  @Override
  public String look() throws InterruptedException {
    DeviceChoice choice = DeviceChoice.of(wanted);
    if (choice.isHost()) {
      return "%s (%s)".formatted(choice.name(), choice.description());
    }
    DeviceTrial.Outcome outcome = DeviceTrial.run(choice.device());
    String found =
        String.format(
            Locale.ROOT,
            "%s (%s): %d steps differ from the host's by %.2g of a loss, %.0f images/s (host %.0f)",
            choice.name(),
            choice.description(),
            DeviceTrial.STEPS,
            outcome.difference(),
            outcome.imagesPerSecond(),
            outcome.imagesPerSecondOnHost());
    if (!(outcome.difference() <= DeviceTrial.TOLERANCE)) {
      throw new IllegalStateException(
          found + "; more than " + DeviceTrial.TOLERANCE + " is an error");
    }
    return found;
  }

  @Override
  public String cure() {
    return "train with device: cpu; if a GPU computes other losses, report this line and the"
        + " output of infra/gpu/check.py: see infra/docs/gpu.md";
  }
}
