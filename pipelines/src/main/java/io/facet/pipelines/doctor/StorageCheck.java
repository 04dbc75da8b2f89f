package io.facet.pipelines.doctor;

import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.storage.StorageLibraries;
import io.facet.pipelines.storage.hdfs.HdfsFiles;
import io.facet.pipelines.storage.s3.S3Files;
import io.facet.transforms.file.SharedFiles;

/**
 * Shared storage: its libraries and, if the store lies there, whether it can be reached and does
 * what commits need.
 *
 * @param store folder or URI
 */
public record StorageCheck(String store) implements Check {
  @Override
  public String name() {
    return "storage";
  }

  @Override
  public String look() {
    if (SharedFiles.of(store).isPresent()) {
      ArtifactStore.open(store).close();
      return store + " answers, with conditional puts";
    }
    boolean both =
        StorageLibraries.present(S3Files.LIBRARY) && StorageLibraries.present(HdfsFiles.LIBRARY);
    return both
        ? "s3:// and hdfs:// can be used"
        : "local disks only; for s3:// and hdfs:// " + StorageLibraries.cure();
  }

  @Override
  public String cure() {
    return "infra/docs/storage.md says what is needed";
  }
}
