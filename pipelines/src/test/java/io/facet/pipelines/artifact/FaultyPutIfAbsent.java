package io.facet.pipelines.artifact;

import com.google.auto.service.AutoService;
import io.facet.transforms.testing.FaultyFileSystem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Set;

/** Commits on the fault-injecting file system of the tests. */
@AutoService(PutIfAbsent.class)
public final class FaultyPutIfAbsent implements PutIfAbsent {
  @Override
  public Set<String> schemes() {
    return Set.of("faulty");
  }

  @Override
  public boolean put(String uri, byte[] bytes) throws IOException {
    try {
      FaultyFileSystem.createNew(uri, bytes);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }
}
