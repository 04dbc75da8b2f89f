package io.facet.transforms.ingest;

import io.facet.transforms.file.Sha256;
import io.facet.transforms.source.SourceRange;
import io.facet.transforms.source.SourceSample;
import java.io.Serializable;
import java.util.List;

/**
 * Images of one source that a task reads together: a range of a packed file, or some files.
 *
 * @param spec number of the source
 * @param range null: it is {@code samples} that are read
 * @param samples none if it is a range
 */
record Chunk(int spec, SourceRange range, List<SourceSample> samples) implements Serializable {
  private static final int KEY_DIGITS = 24;

  Chunk {
    samples = List.copyOf(samples);
  }

  /** A range of a packed file. */
  static Chunk of(int spec, SourceRange range) {
    return new Chunk(spec, range, List.of());
  }

  /** Some images that a source lists one by one. */
  static Chunk of(int spec, List<SourceSample> samples) {
    return new Chunk(spec, null, samples);
  }

  boolean isRange() {
    return range != null;
  }

  /** A name that no other chunk of a run has; short, since it goes with each image. */
  String key() {
    String first =
        isRange()
            ? "%d %d %s".formatted(spec, range.start(), range.file().uri())
            : "%d - %s".formatted(spec, samples.get(0).name());
    return Sha256.hex(first).substring(0, KEY_DIGITS);
  }

  /** About how many images there are in it. */
  long images() {
    return isRange() ? range.images() : samples.size();
  }
}
