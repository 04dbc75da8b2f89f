package io.facet.pipelines.flink;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.client.program.ContextEnvironment;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.DefaultExecutorServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlinkClientTest {
  @AfterEach
  void leaveFlinksClient() {
    ContextEnvironment.unsetAsContext();
  }

  private static void startedByFlink(String target, boolean attached) {
    Configuration configuration = new Configuration();
    configuration.set(DeploymentOptions.TARGET, target);
    configuration.set(DeploymentOptions.ATTACHED, attached);
    configuration.set(RestOptions.ADDRESS, "somewhere");
    configuration.set(RestOptions.PORT, 9999);
    ContextEnvironment.setAsContext(
        new DefaultExecutorServiceLoader(),
        configuration,
        FlinkClientTest.class.getClassLoader(),
        false,
        false);
  }

  @Test
  void theFacetCommandIsNoSubmissionOfFlinksClient() {
    assertThat(FlinkClient.present()).isFalse();
    assertThat(FlinkClient.refusal()).isEmpty();
  }

  @Test
  void anAttachedFlinkRunIsTakenWithItsCluster() {
    startedByFlink("remote", true);
    assertThat(FlinkClient.refusal()).isEmpty();
    assertThat(FlinkClient.insideJobManager()).isFalse();
    assertThat(FlinkClient.address()).isEqualTo("somewhere:9999");
  }

  @Test
  void aDetachedFlinkRunIsRefusedWithTheCure() {
    startedByFlink("remote", false);
    assertThat(FlinkClient.insideJobManager()).isFalse();
    assertThat(FlinkClient.refusal().orElseThrow())
        .hasMessageContaining("several Flink jobs")
        .hasMessageContaining("flink run -d")
        .hasMessageContaining("--detach");
  }

  @Test
  void theWebPageAndApplicationModeAreRefusedWithTheCure() {
    startedByFlink("embedded", true);
    assertThat(FlinkClient.insideJobManager()).isTrue();
    assertThat(FlinkClient.refusal().orElseThrow())
        .hasMessageContaining("web page or in application mode")
        .hasMessageContaining("facet submit RECIPE --flink-master HOST:PORT");
  }
}
