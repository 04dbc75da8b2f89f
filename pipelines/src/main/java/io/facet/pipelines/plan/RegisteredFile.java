package io.facet.pipelines.plan;

import java.nio.file.Path;

/**
 * A file of a registered model that a recipe names by alias or number, as it was found when the
 * plan was made.
 *
 * @param version {@code models:/NAME/VERSION}
 * @param sha256 of the file
 * @param file on this machine
 */
public record RegisteredFile(String version, String sha256, Path file) {

  /** What a plan says of it. */
  public String note(String reference) {
    String found = reference.equals(version) ? "" : " is " + version;
    return "%s%s (SHA-256 %s...)".formatted(reference, found, sha256.substring(0, 12));
  }
}
