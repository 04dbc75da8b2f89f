package io.facet.pipelines.flink;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;

class EmbeddedFlinkTest {
  @Test
  void listensForThisMachineOnly() {
    Configuration settings =
        GlobalConfiguration.loadConfiguration(EmbeddedFlink.settings().orElseThrow().toString());
    assertThat(settings.get(RestOptions.BIND_ADDRESS)).isEqualTo("localhost");
    assertThat(settings.get(JobManagerOptions.BIND_HOST)).isEqualTo("localhost");
    assertThat(settings.get(TaskManagerOptions.BIND_HOST)).isEqualTo("localhost");
  }
}
