package io.facet.pipelines.storage.hdfs;

import com.google.auto.service.AutoService;
import io.facet.pipelines.storage.StorageLibraries;
import io.facet.transforms.file.SharedFiles;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.options.PipelineOptions;

/** Files on HDFS. It can be loaded without HDFS's client, of which it names no class. */
@AutoService(SharedFiles.class)
public final class HdfsFiles implements SharedFiles {
  static final String SCHEME = "hdfs";

  /** A class of HDFS's client. */
  public static final String LIBRARY = "org.apache.hadoop.hdfs.DistributedFileSystem";

  @Override
  public Set<String> schemes() {
    return Set.of(SCHEME);
  }

  @Override
  public void configure(PipelineOptions options) {
    if (StorageLibraries.present(LIBRARY)) {
      HdfsClients.configure(options);
    }
  }

  @Override
  public void requireLibraries() {
    StorageLibraries.require(SCHEME, LIBRARY);
  }

  @Override
  public byte[] read(String uri, int limit) throws IOException {
    return HdfsCalls.read(uri, limit);
  }

  @Override
  public void write(String uri, byte[] bytes) throws IOException {
    HdfsCalls.write(uri, bytes);
  }

  @Override
  public StoredFiles.Listed stat(String uri) throws IOException {
    return HdfsCalls.stat(uri);
  }

  @Override
  public List<StoredFiles.Listed> list(String folderUri) throws IOException {
    return HdfsCalls.list(folderUri);
  }

  @Override
  public List<String> folders(String folderUri) throws IOException {
    return HdfsCalls.folders(folderUri);
  }

  @Override
  public void delete(List<String> uris) throws IOException {
    HdfsCalls.delete(uris);
  }
}
