package io.facet.pipelines.storage.s3;

import com.google.auto.service.AutoService;
import io.facet.pipelines.artifact.PutIfAbsent;
import io.facet.pipelines.storage.StorageLibraries;
import java.io.IOException;
import java.util.Set;

/**
 * S3: {@code PutObject} with {@code If-None-Match: *}, which the server decides for all at once.
 */
@AutoService(PutIfAbsent.class)
public final class S3PutIfAbsent implements PutIfAbsent {
  @Override
  public Set<String> schemes() {
    return Set.of(S3Files.SCHEME);
  }

  @Override
  public boolean put(String uri, byte[] bytes) throws IOException {
    StorageLibraries.require(S3Files.SCHEME, S3Files.LIBRARY);
    return S3Objects.putIfAbsent(uri, bytes);
  }
}
