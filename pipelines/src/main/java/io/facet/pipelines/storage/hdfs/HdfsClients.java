package io.facet.pipelines.storage.hdfs;

import java.io.File;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.io.hdfs.HadoopFileSystemOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Clients of HDFS, set up as Hadoop's own commands are: by the files in HADOOP_CONF_DIR. */
final class HdfsClients {
  private static final String FOLDER = "HADOOP_CONF_DIR";
  private static final String ANY = "hdfs:///";

  private HdfsClients() {}

  /** Beam knows the scheme once its configuration has a default of that scheme. */
  static void configure(PipelineOptions options) {
    options.as(HadoopFileSystemOptions.class).setHdfsConfiguration(List.of(configuration()));
  }

  /** The file system that serves a path, shared by the process. */
  static FileSystem of(Path path) throws IOException {
    return path.getFileSystem(configuration());
  }

  /** Without Hadoop's defaults, which would travel to the workers with every job. */
  private static Configuration configuration() {
    Configuration configuration = new Configuration(false);
    String folder = System.getenv(FOLDER);
    for (String name : List.of("core-site.xml", "hdfs-site.xml")) {
      File file = new File(folder == null ? "" : folder, name);
      if (folder != null && file.exists()) {
        configuration.addResource(new Path(file.getAbsolutePath()));
      }
    }
    String usual = configuration.get(FileSystem.FS_DEFAULT_NAME_KEY, ANY);
    configuration.set(
        FileSystem.FS_DEFAULT_NAME_KEY, usual.startsWith(HdfsFiles.SCHEME + ":") ? usual : ANY);
    return configuration;
  }
}
