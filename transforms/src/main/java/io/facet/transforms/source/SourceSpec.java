package io.facet.transforms.source;

import io.facet.models.DataException;
import io.facet.models.face.AlignedImages;
import io.facet.models.format.NamedPair;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.TableDigest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A source and what it is used for.
 *
 * @param label names it in tables and messages; unique in a run
 * @param source the kind and its options, paths resolved
 * @param split {@link SampleRow#TRAIN}, {@link SampleRow#VALIDATION} for validation pairs of their
 *     own, or the name of a verification set
 * @param validationShare share of the identities of a training source kept out of training, 0..1
 * @param seed decides which
 */
public record SourceSpec(
    String label, Selected<FaceSource<?>> source, String split, double validationShare, long seed)
    implements Serializable {

  /** A source to learn from. */
  public static SourceSpec training(
      String label, Selected<FaceSource<?>> source, double validationShare, long seed) {
    return new SourceSpec(label, source, SampleRow.TRAIN, validationShare, seed);
  }

  /** Pairs of their own to validate on. */
  public static SourceSpec validation(Selected<FaceSource<?>> source) {
    return new SourceSpec(SampleRow.VALIDATION, source, SampleRow.VALIDATION, 0, 0);
  }

  /** A verification set of that name. */
  public static SourceSpec verification(String set, Selected<FaceSource<?>> source) {
    if (set.equals(SampleRow.TRAIN) || set.equals(SampleRow.VALIDATION)) {
      throw new IllegalArgumentException("a verification set cannot be named '" + set + "'");
    }
    return new SourceSpec(set, source, set, 0, 0);
  }

  /** Whether it is learnt from. */
  public boolean isTraining() {
    return split.equals(SampleRow.TRAIN);
  }

  /** The same with relative paths resolved against a folder, a path or URI. */
  public SourceSpec relativeTo(String root) {
    Record resolved = kind().relativeTo(options(), root);
    return new SourceSpec(
        label,
        RecordBinder.select(FaceSource.class, source.key(), resolved),
        split,
        validationShare,
        seed);
  }

  /**
   * What the source offers.
   *
   * @throws DataException if there is no such source, or it cannot be read
   */
  public SourceListing list() throws IOException {
    try {
      return kind().list(options());
    } catch (AccessDeniedException e) {
      throw new DataException(
          "%s: %s cannot be read: permission denied".formatted(label, e.getFile()), e);
    } catch (FileNotFoundException | FileSystemException e) {
      throw new DataException("%s cannot be read: %s".formatted(label, e.getMessage()), e);
    }
  }

  /** Whether its images are aligned crops. */
  public AlignedImages aligned() {
    return kind().aligned(options());
  }

  /** Opens it for reading; whoever opens closes. */
  public FaceSource.Images open() {
    return kind().open(options());
  }

  /** Whether training looks at it to choose: validation pairs of their own. */
  public boolean isValidation() {
    return split.equals(SampleRow.VALIDATION);
  }

  /**
   * Split of an identity: a function of seed and identity alone, so new people move nobody. Images
   * of unknown identity are never kept out.
   */
  public String splitOf(String identity) {
    if (!isTraining() || validationShare == 0 || identity.isEmpty()) {
      return split;
    }
    long hash =
        ByteBuffer.wrap(Sha256.of((seed + "\n" + identity).getBytes(StandardCharsets.UTF_8)))
            .getLong();
    double position = (hash >>> 11) * 0x1p-53;
    return position < validationShare ? SampleRow.VALIDATION : SampleRow.TRAIN;
  }

  /**
   * What stands for the source's content in a fingerprint: names, identities, contents, landmarks
   * and pairs in any order, and not where they are stored. Of packed files it is the bytes of the
   * files, and the options that decide what is read of them.
   */
  public String contentDigest(SourceListing listing, ContentHashes hashes) throws IOException {
    @SuppressWarnings("ArrayRecordComponent")
    record Content(String name, String identity, String content, float[] landmarks) {}
    record Packed(String prefix, String content, String index, String options) {}
    TableDigest.Builder<Content> samples = TableDigest.builder(Content.class);
    for (SourceSample sample : listing.samples()) {
      samples.add(
          new Content(
              sample.name(),
              sample.identity(),
              kind().contentId(options(), sample, hashes),
              sample.landmarks()));
    }
    TableDigest pairs = TableDigest.of(NamedPair.class, listing.pairs());
    String digest =
        samples.digest().digest()
            + pairs.digest()
            + listing.templates().map(TemplateDigest::of).orElse("");
    if (!listing.isPacked()) {
      return digest;
    }
    TableDigest.Builder<Packed> files = TableDigest.builder(Packed.class);
    for (PackedFile file : listing.files()) {
      files.add(
          new Packed(
              file.prefix(),
              hashes.chunked(file.uri(), file.stamp()),
              file.isIndexed() ? hashes.chunked(file.index(), file.indexStamp()) : "",
              RecordBinder.toIdentityJson(options())));
    }
    return digest + files.digest().digest();
  }

  /** Whether it compares templates instead of images. */
  public boolean givesTemplates() {
    return kind().givesTemplates();
  }

  /**
   * A listing without the images of some contents, and without the pairs that name them.
   *
   * @param content told the SHA-256 of the encoded bytes, as far as the source hashes these
   */
  public SourceListing without(
      SourceListing listing, ContentHashes hashes, Predicate<String> content) throws IOException {
    Set<String> names = new HashSet<>();
    for (SourceSample sample : listing.samples()) {
      if (content.test(kind().contentId(options(), sample, hashes))) {
        names.add(sample.name());
      }
    }
    if (names.isEmpty()) {
      return listing;
    }
    return new SourceListing(
        listing.samples().stream().filter(sample -> !names.contains(sample.name())).toList(),
        listing.files(),
        listing.pairs().stream()
            .filter(pair -> !names.contains(pair.left()) && !names.contains(pair.right()))
            .toList(),
        listing.skipped(),
        listing.templates());
  }

  @SuppressWarnings("unchecked")
  private FaceSource<Record> kind() {
    return (FaceSource<Record>) source.extension();
  }

  private Record options() {
    return source.options();
  }
}
