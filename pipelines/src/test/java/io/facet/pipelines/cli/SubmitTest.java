package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.flink.FlinkCluster;
import io.facet.pipelines.flink.JobGuard;
import io.facet.pipelines.flink.RunnerOptions;
import io.facet.pipelines.plan.ExitCodes;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.java.ExecutionEnvironment;
import org.apache.flink.api.java.io.DiscardingOutputFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Recipes on a Flink cluster that is reached through REST. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SubmitTest {
  @TempDir static Path folder;
  private static FlinkForTests flink;

  @BeforeAll
  static void startFlink() throws Exception {
    flink = FlinkForTests.start(folder);
  }

  @AfterAll
  static void stopFlink() throws Exception {
    flink.close();
  }

  @Test
  void eachStageIsOneFlinkJobThatBearsItsName() throws Exception {
    Path recipe = TinyRecipe.write(folder, TinyRecipe.studentAlone());
    CommandRun run =
        CommandRun.of(
            "submit",
            recipe,
            "--flink-master",
            flink.master(),
            "--store",
            folder.resolve("store"),
            "--tracking-uri",
            "none");
    assertThat(run.exitCode()).as(run.said()).isZero();
    List<FlinkCluster.Job> jobs = flink.cluster().jobs();
    assertThat(jobs).allMatch(job -> job.state().equals("FINISHED"));
    assertThat(jobs.stream().map(job -> job.name().replaceFirst(" [0-9a-f]{8}$", "")))
        .contains(
            "facet tiny ingest",
            "facet tiny align",
            "facet tiny pack",
            "facet tiny distill[none#1]",
            "facet tiny evaluate[none#1]",
            "facet tiny evaluate",
            "facet tiny publish")
        .doesNotHaveDuplicates();
  }

  @Test
  void theDoctorAsksTheWorkersAndLeavesNothingInTheStore() throws Exception {
    Path store = folder.resolve("doctor");
    CommandRun run =
        CommandRun.of(
            "doctor", "--flink-master", flink.master(), "--store", store, "--tracking-uri", "none");
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out())
        .contains("2 of 2 free, 2 TaskManagers")
        .contains("native libraries in Flink's lib")
        .contains("shared: driver and 2 tasks read each other's files");
    assertThat(store.resolve("cache")).isEmptyDirectory();
  }

  @Test
  void aJobLeftBehindIsCancelledBeforeTheSameWorkBegins() throws Exception {
    PipelineOptions options =
        RunnerOptions.of("FlinkRunner", flink.master(), Optional.empty()).create();
    options.setJobName("facet tiny distill[none#1] 0a1b2c3d");
    String[] address = flink.master().split(":");
    ExecutionEnvironment left =
        ExecutionEnvironment.createRemoteEnvironment(address[0], Integer.parseInt(address[1]));
    left.fromElements(1).map(new Endless()).output(new DiscardingOutputFormat<>());
    left.executeAsync(options.getJobName());
    assertThat(state(options.getJobName())).isNotEqualTo("CANCELED");

    JobGuard guard = JobGuard.of(options);
    guard.done();
    guard.close();
    assertThat(state(options.getJobName())).isEqualTo("CANCELED");
  }

  private static String state(String name) throws Exception {
    return flink.cluster().jobs().stream()
        .filter(job -> job.name().equals(name))
        .findFirst()
        .orElseThrow()
        .state();
  }

  @Test
  void aClusterThatIsNotThereEndsWithTheCure() throws Exception {
    try (DeadServer server = DeadServer.away()) {
      assertNoFlinkAnswers(server.address());
    }
  }

  @Test
  void aClusterThatNeverAnswersEndsWithTheCure() throws Exception {
    try (DeadServer server = DeadServer.silent()) {
      assertNoFlinkAnswers(server.address());
      assertThat(server.callers()).isPositive();
    }
  }

  private static void assertNoFlinkAnswers(String master) throws Exception {
    Path recipe = TinyRecipe.write(folder, TinyRecipe.studentAlone());
    CommandRun run = CommandRun.of("submit", recipe, "--flink-master", master);
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.INFRASTRUCTURE);
    assertThat(run.err()).contains("no Flink answers at " + master).contains("cluster up");
  }

  @Test
  void submitWithoutAClusterSaysWhatIsMissing() throws Exception {
    Path recipe = TinyRecipe.write(folder, TinyRecipe.studentAlone());
    CommandRun run = CommandRun.of("submit", recipe);
    assertThat(run.exitCode()).isEqualTo(ExitCodes.RECIPE);
    assertThat(run.err()).contains("--flink-master HOST:PORT is missing");
  }

  /** Goes on until it is interrupted. */
  private static final class Endless implements MapFunction<Integer, Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public Integer map(Integer value) throws InterruptedException {
      new CountDownLatch(1).await();
      return value;
    }
  }
}
