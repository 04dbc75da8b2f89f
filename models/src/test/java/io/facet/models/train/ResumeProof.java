package io.facet.models.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.function.Supplier;

/** Proves that a run that is stopped and resumed gives the bits of one that is not. */
public final class ResumeProof {
  /** Steps of the whole run. */
  public static final int STEPS = 30;

  /** Steps before it is stopped. */
  public static final int STOPPED_AT = 17;

  private ResumeProof() {}

  /**
   * Runs thirty steps at once, and seventeen and thirteen.
   *
   * @param fresh the same run of thirty steps that logs every step, made anew for each part
   * @return the result both ways
   */
  public static TrainingResult of(Supplier<TrainingSetup> fresh) throws Exception {
    RecordedHistory whole = new RecordedHistory();
    TrainingResult undisturbed = TrainingRun.run(fresh.get().listener(whole));
    MemoryCheckpoints store = new MemoryCheckpoints();
    TrainingSetup stopped =
        fresh
            .get()
            .checkpoints(store)
            .listener(
                new RecordedHistory(
                    step -> {
                      if (step == STOPPED_AT) {
                        Thread.currentThread().interrupt();
                      }
                    }));
    assertThatThrownBy(() -> TrainingRun.run(stopped)).isInstanceOf(InterruptedException.class);
    assertThat(store.latest().orElseThrow().step()).isEqualTo(STOPPED_AT);
    RecordedHistory rest = new RecordedHistory();

    TrainingResult resumed = TrainingRun.run(fresh.get().checkpoints(store).listener(rest));

    assertThat(rest.resumedAt()).isEqualTo(STOPPED_AT);
    assertThat(undisturbed.steps()).isEqualTo(STEPS);
    assertThat(resumed.steps()).isEqualTo(STEPS);
    assertThat(resumed.epoch()).isEqualTo(undisturbed.epoch());
    assertThat(rest.points()).isEqualTo(whole.after(STOPPED_AT)).isNotEmpty();
    assertSameBits(resumed.student(), undisturbed.student());
    assertSameBits(resumed.adapters(), undisturbed.adapters());
    assertSameBits(resumed.prompts(), undisturbed.prompts());
    assertThat(resumed.ranges()).isEqualTo(undisturbed.ranges());
    assertThat(resumed.classifier().isPresent()).isEqualTo(undisturbed.classifier().isPresent());
    resumed
        .classifier()
        .ifPresent(
            weights -> assertThat(weights).isEqualTo(undisturbed.classifier().orElseThrow()));
    return resumed;
  }

  static void assertSameBits(Map<String, float[]> actual, Map<String, float[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
  }
}
