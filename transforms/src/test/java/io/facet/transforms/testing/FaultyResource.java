package io.facet.transforms.testing;

import java.nio.file.Path;
import org.apache.beam.sdk.io.fs.ResolveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * A name of {@link FaultyFileSystem}: {@code faulty://AUTHORITY/PATH}.
 *
 * @param authority names the fault
 * @param path absolute local path; folders end with {@code /}
 */
public record FaultyResource(String authority, String path) implements ResourceId {
  private static final String PREFIX = FaultyFileSystem.SCHEME + "://";

  static FaultyResource parse(String spec, boolean isDirectory) {
    if (!spec.startsWith(PREFIX)) {
      throw new IllegalArgumentException(spec + " is no " + PREFIX + "FAULT/PATH");
    }
    int slash = spec.indexOf('/', PREFIX.length());
    return new FaultyResource(spec.substring(PREFIX.length(), slash), "/")
        .at(spec.substring(slash), isDirectory);
  }

  FaultyResource at(String absolutePath, boolean isDirectory) {
    String suffix = isDirectory && !absolutePath.endsWith("/") ? "/" : "";
    return new FaultyResource(authority, absolutePath + suffix);
  }

  Path local() {
    return Path.of(path);
  }

  @Override
  public ResourceId resolve(String other, ResolveOptions options) {
    return at(path + other, options.equals(StandardResolveOptions.RESOLVE_DIRECTORY));
  }

  @Override
  public ResourceId getCurrentDirectory() {
    return isDirectory() ? this : at(path.substring(0, path.lastIndexOf('/') + 1), true);
  }

  @Override
  public String getScheme() {
    return FaultyFileSystem.SCHEME;
  }

  @Override
  public String getFilename() {
    Path name = local().getFileName();
    return name == null ? null : name.toString();
  }

  @Override
  public boolean isDirectory() {
    return path.endsWith("/");
  }

  @Override
  public String toString() {
    return PREFIX + authority + path;
  }
}
