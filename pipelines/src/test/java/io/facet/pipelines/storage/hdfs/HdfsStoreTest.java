package io.facet.pipelines.storage.hdfs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.storage.SharedStoreContract;
import io.facet.transforms.file.SharedFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HDFS with its own name node and data node, in this process. */
@Tag("soak")
class HdfsStoreTest extends SharedStoreContract {
  @TempDir private static Path folder;

  private static MiniDFSCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    Configuration configuration = new HdfsConfiguration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    cluster.waitActive();
    FileSystems.setDefaultPipelineOptions(SharedFiles.options());
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.shutdown();
    }
  }

  @Override
  protected String place() {
    return "hdfs://localhost:" + cluster.getNameNodePort() + "/facet";
  }

  @Test
  void aNameNodeThatIsAwayIsAClearError() {
    assertThatThrownBy(() -> ArtifactStore.open("hdfs://no-such-host.invalid:9000/store"))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining("hdfs://no-such-host.invalid:9000/store")
        .hasMessageContaining("HADOOP_CONF_DIR");
  }
}
