package io.facet.pipelines.cli;

import static org.awaitility.Awaitility.await;

import io.facet.pipelines.flink.FlinkCluster;
import io.facet.pipelines.flink.JobJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.jar.JarOutputStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/** A Flink with two TaskManagers and REST in this process; its job jar is empty. */
final class FlinkForTests implements AutoCloseable {
  private final MiniCluster flink;

  private FlinkForTests(MiniCluster flink) {
    this.flink = flink;
  }

  static FlinkForTests start(Path folder) throws Exception {
    System.setProperty(JobJar.PROPERTY, emptyJar(folder).toString());
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.ADDRESS, "localhost");
    configuration.set(RestOptions.BIND_ADDRESS, "localhost");
    configuration.set(RestOptions.BIND_PORT, "0");
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
    MiniCluster flink =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(2)
                .setNumSlotsPerTaskManager(1)
                .build());
    flink.start();
    FlinkForTests started = new FlinkForTests(flink);
    await() // REST answers 503 until its dispatcher leads
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(() -> started.cluster().overview() != null);
    return started;
  }

  /** {@code HOST:PORT}. */
  String master() throws Exception {
    return "localhost:" + flink.getRestAddress().get().getPort();
  }

  FlinkCluster cluster() throws Exception {
    return FlinkCluster.at(master());
  }

  private static Path emptyJar(Path folder) throws IOException {
    Path jar = folder.resolve("facet-job.jar");
    new JarOutputStream(Files.newOutputStream(jar)).close();
    return jar;
  }

  @Override
  public void close() throws Exception {
    System.clearProperty(JobJar.PROPERTY);
    flink.close();
  }
}
