package io.facet.pipelines.storage.hdfs;

import com.google.auto.service.AutoService;
import io.facet.pipelines.artifact.PutIfAbsent;
import io.facet.pipelines.storage.StorageLibraries;
import java.io.IOException;
import java.util.Set;

/**
 * HDFS: the bytes are written under a hidden name, then given the final one, which the name node
 * refuses if it is taken. To create the final file at once would leave an empty one if its writer
 * died.
 */
@AutoService(PutIfAbsent.class)
public final class HdfsPutIfAbsent implements PutIfAbsent {
  @Override
  public Set<String> schemes() {
    return Set.of(HdfsFiles.SCHEME);
  }

  @Override
  public boolean put(String uri, byte[] bytes) throws IOException {
    StorageLibraries.require(HdfsFiles.SCHEME, HdfsFiles.LIBRARY);
    return HdfsCalls.putIfAbsent(uri, bytes);
  }
}
