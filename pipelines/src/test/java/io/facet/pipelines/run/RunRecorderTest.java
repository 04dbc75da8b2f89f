package io.facet.pipelines.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.DataException;
import io.facet.pipelines.plan.Fingerprint;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.PlannedInstance;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.recipe.SampleRecipes;
import io.facet.pipelines.run.RunRecord.InstanceState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecorderTest {
  private static final StageInstance INGEST =
      StageInstance.of("ingest", "", List.of(), new FingerprintInputs());
  private static final StageInstance STUDENT =
      StageInstance.of("distill", "none#1", List.of("ingest"), new FingerprintInputs());

  @TempDir private Path store;
  private RunRecorder recorder;

  @BeforeEach
  void begin() {
    recorder =
        new RunRecorder(new RunRecords(store), SampleRuns.begun("a1", "tiny", Instant.now()));
    recorder.planned(
        new Plan(
            new PlanContext(SampleRecipes.whole(), Map.of(), "unknown", store.toString()),
            List.of(planned(INGEST), planned(STUDENT))));
  }

  @AfterEach
  void close() {
    recorder.close();
  }

  @Test
  void eachInstanceIsFollowed() {
    assertThat(states()).containsExactly(InstanceState.WAITING, InstanceState.WAITING);
    recorder.started(INGEST, fingerprint(INGEST), false);
    assertThat(states()).containsExactly(InstanceState.RUNNING, InstanceState.WAITING);
    recorder.failed(INGEST, new DataException("no faces"));
    recorder.skipped(STUDENT, "ingest failed");
    assertThat(states()).containsExactly(InstanceState.FAILED, InstanceState.SKIPPED);
    assertThat(written().instances())
        .extracting(RunRecord.Instance::note)
        .containsExactly("no faces", "ingest failed");
  }

  @Test
  void whatASignalStopsCanGoOn() {
    recorder.started(INGEST, fingerprint(INGEST), false);
    recorder.end(RunRecord.State.KILLED, 130, "stopped by a signal");
    recorder.failed(INGEST, new CancellationException("stopped"));
    assertThat(states().get(0)).isEqualTo(InstanceState.STOPPED);
    assertThat(written().state()).isEqualTo(RunRecord.State.KILLED);
    assertThat(written().ended()).isPresent();
  }

  @Test
  void theFirstEndCounts() {
    recorder.end(RunRecord.State.KILLED, 130, "stopped by a signal");
    recorder.end(RunRecord.State.FAILED, 1, "later");
    assertThat(written().reason()).isEqualTo("stopped by a signal");
  }

  @Test
  void aStoreThatCannotBeWrittenStopsNothing() throws Exception {
    Path folder = new RunFolder(store, "a1").path();
    Files.delete(folder.resolve("run.json"));
    Files.delete(folder);
    Files.writeString(folder, "a file in its place");
    recorder.started(INGEST, fingerprint(INGEST), false);
    Files.delete(folder);
    recorder.end(RunRecord.State.FINISHED, 0, "");
    assertThat(states().get(0)).isEqualTo(InstanceState.RUNNING);
  }

  private RunRecord written() {
    return new RunRecords(store).read(new RunFolder(store, "a1")).orElseThrow();
  }

  private List<InstanceState> states() {
    return written().instances().stream().map(RunRecord.Instance::state).toList();
  }

  private static Fingerprint fingerprint(StageInstance instance) {
    return Fingerprint.of(instance.stage(), 1, instance.inputs(), Map.of());
  }

  /** Nothing of the stage is asked for here. */
  private static PlannedInstance planned(StageInstance instance) {
    return new PlannedInstance(
        null, instance, fingerprint(instance), Optional.empty(), "first run");
  }
}
