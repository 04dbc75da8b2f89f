package io.facet.pipelines.flink;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.storage.StorageLibraries;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The jar a cluster needs to run Facet's jobs: Facet, Beam and what they use. Flink itself and all
 * libraries with native code are left out; they are in the cluster's {@code lib} folder.
 */
public final class JobJar {
  /** System property that names another jar. */
  public static final String PROPERTY = "facet.jobJar";

  private static final String NAME = "facet-job.jar";

  private JobJar() {}

  /**
   * The job jar of this build.
   *
   * @throws InfrastructureException if it is not there, with the cure
   */
  public static Path locate() {
    String named = System.getProperty(PROPERTY);
    Path jar = named == null ? besideLibraries() : Path.of(named).toAbsolutePath();
    if (!Files.isRegularFile(jar)) {
      throw new InfrastructureException(
          "the job jar %s is missing: './infra/facet' and 'mvn package' build it".formatted(jar));
    }
    return jar;
  }

  /**
   * What a cluster gets with a job: the job jar, and the libraries of shared storage if they are
   * here.
   *
   * @throws InfrastructureException as {@link #locate}
   */
  static List<String> withStorage() {
    return Stream.concat(Stream.of(locate()), StorageLibraries.jars().stream())
        .map(Path::toString)
        .toList();
  }

  /** {@code dist/lib} holds our own jar, {@code dist} the job jar. */
  private static Path besideLibraries() {
    try {
      Path own = Path.of(JobJar.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isRegularFile(own) && own.getFileName().toString().equals(NAME)) {
        return own;
      }
      Path folder =
          Files.isDirectory(own) ? own.resolveSibling("dist") : own.getParent().getParent();
      return folder.resolve(NAME);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("our own jar has no usable address", e);
    }
  }
}
