package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facet.models.FakeDevice;
import io.facet.models.FakeDevice.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Proves that a training on {@link FakeDevice} is that on the host. */
public final class DeviceProof {
  /** Steps between two lines of history, for {@link #of}. */
  public static final int LINE = 10;

  private DeviceProof() {}

  /**
   * Trains on both and compares the losses.
   *
   * @param fresh a run of at least three lines of history, each of {@link #LINE} steps, made anew
   *     for each
   * @return copies and waits between the first and the second line
   */
  public static Counts of(Supplier<TrainingSetup> fresh) throws Exception {
    RecordedHistory host = new RecordedHistory();
    TrainingRun.run(fresh.get().listener(host));
    List<Counts> counts = new ArrayList<>();
    RecordedHistory device = new RecordedHistory(step -> counts.add(FakeDevice.counts()));
    TrainingRun.run(fresh.get().device(FakeDevice.DEVICE).listener(device));
    assertSameLosses(device.points(), host.points());
    Counts first = counts.get(0);
    Counts second = counts.get(1);
    return new Counts(second.uploads() - first.uploads(), second.waits() - first.waits());
  }

  /** The same losses in the same steps; kernels for another layout may add up in another order. */
  static void assertSameLosses(List<HistoryPoint> actual, List<HistoryPoint> expected) {
    List<HistoryPoint> losses = losses(expected);
    List<HistoryPoint> others = losses(actual);
    assertThat(losses).isNotEmpty();
    assertThat(others).hasSameSizeAs(losses);
    for (int i = 0; i < losses.size(); i++) {
      HistoryPoint point = losses.get(i);
      assertThat(others.get(i).name()).isEqualTo(point.name());
      assertThat(others.get(i).value())
          .as("%s in step %d", point.name(), point.step())
          .isCloseTo(point.value(), within(1e-5 + 1e-4 * Math.abs(point.value())));
    }
  }

  private static List<HistoryPoint> losses(List<HistoryPoint> points) {
    return points.stream().filter(point -> point.name().startsWith("loss/")).toList();
  }
}
