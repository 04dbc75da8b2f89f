package io.facet.pipelines.storage.s3;

import com.google.auto.service.AutoService;
import io.facet.pipelines.storage.StorageLibraries;
import io.facet.transforms.file.SharedFiles;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.options.PipelineOptions;

/** Files on S3. It can be loaded without the AWS SDK, of which it names no class. */
@AutoService(SharedFiles.class)
public final class S3Files implements SharedFiles {
  /** System properties that the command line sets; they come before the environment. */
  public static final String ENDPOINT = "facet.s3.endpoint";

  public static final String REGION = "facet.s3.region";
  public static final String PATH_STYLE = "facet.s3.pathStyle";

  static final String SCHEME = "s3";

  /** A class of Beam's module, which comes with the AWS SDK. */
  public static final String LIBRARY = "org.apache.beam.sdk.io.aws2.options.S3ClientBuilderFactory";

  @Override
  public Set<String> schemes() {
    return Set.of(SCHEME);
  }

  @Override
  public void configure(PipelineOptions options) {
    if (StorageLibraries.present(LIBRARY)) {
      S3Clients.configure(options);
    }
  }

  @Override
  public void requireLibraries() {
    StorageLibraries.require(SCHEME, LIBRARY);
  }

  @Override
  public byte[] read(String uri, int limit) throws IOException {
    return S3Objects.read(uri, limit);
  }

  @Override
  public void write(String uri, byte[] bytes) throws IOException {
    S3Objects.write(uri, bytes);
  }

  @Override
  public StoredFiles.Listed stat(String uri) throws IOException {
    return S3Objects.stat(uri);
  }

  @Override
  public List<StoredFiles.Listed> list(String folderUri) throws IOException {
    return S3Objects.list(folderUri);
  }

  @Override
  public List<String> folders(String folderUri) throws IOException {
    return S3Objects.folders(folderUri);
  }

  @Override
  public void delete(List<String> uris) throws IOException {
    S3Objects.delete(uris);
  }
}
