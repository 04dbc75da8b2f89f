package io.facet.transforms.pack;

import io.facet.models.tensor.SeededHash;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.PackRow;
import java.io.Serializable;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Writes table {@code pack}: the crops of labelled faces as shards, each a range of the hashes of
 * the faces' ids, in their order; equal faces give equal shards however they arrive. Labels find
 * their crops in the shard, so that the images pass one shuffle.
 *
 * <pre>{@code
 * crops.apply("Pack", PackFaces.with(labels, PackFaces.shards(bytesOfFaces)).to(attemptUri));
 * }</pre>
 */
public final class PackFaces
    extends PTransform<PCollection<PackFaces.Crop>, PCollection<TableSummary>> {
  /** Name of the table. */
  public static final String TABLE = "pack";

  private static final long serialVersionUID = 1L;
  private static final long SHARD_BYTES = 256L << 20;

  private final transient PCollection<LabelFaces.Labelled> labels;
  private final int shards;
  private final String attemptUri;

  private PackFaces(PCollection<LabelFaces.Labelled> labels, int shards, String attemptUri) {
    this.labels = labels;
    this.shards = shards;
    this.attemptUri = attemptUri;
  }

  /** What is read of table {@code faces}. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Crop(String faceId, byte[] crop) implements Serializable {}

  /**
   * Either a crop or a label of one.
   *
   * @param faceId of both
   * @param split of a label; empty: a crop
   * @param identity number of who is seen
   * @param crop empty: a label
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Entry(String faceId, String split, long identity, byte[] crop) implements Serializable {}

  /** Crops of the labelled faces, in so many shards at most; give the attempt folder by to(). */
  public static PackFaces with(PCollection<LabelFaces.Labelled> labels, int shards) {
    return new PackFaces(labels, shards, null);
  }

  /** Writes below this attempt folder; required. */
  public PackFaces to(String attemptUri) {
    return new PackFaces(labels, shards, attemptUri);
  }

  /** How many shards of about 256 MB crops of so many bytes fill; at least one. */
  public static int shards(long bytes) {
    return Math.toIntExact(Math.max(1, (bytes + SHARD_BYTES / 2) / SHARD_BYTES));
  }

  /** The shard of a hash: the first holds the lowest ones, signed. */
  static int shard(long hash, int shards) {
    return (int) Math.multiplyHigh((hash ^ Long.MIN_VALUE) >>> 1, 2L * shards);
  }

  @Override
  public PCollection<TableSummary> expand(PCollection<Crop> crops) {
    if (attemptUri == null) {
      throw new IllegalStateException("the pack needs an attempt folder: to(URI)");
    }
    int count = shards;
    PCollection<Entry> images =
        crops.apply(
            "Crops",
            MapElements.into(TypeDescriptor.of(Entry.class))
                .via(crop -> new Entry(crop.faceId(), "", PackRow.UNKNOWN, crop.crop())));
    PCollection<Entry> named =
        labels.apply(
            "Labels",
            MapElements.into(TypeDescriptor.of(Entry.class))
                .via(face -> new Entry(face.faceId(), face.split(), number(face), new byte[0])));
    return PCollectionList.of(images)
        .and(named)
        .apply("Both", Flatten.pCollections())
        .apply(
            "KeyByShard",
            WithKeys.<Integer, Entry>of(face -> shard(SeededHash.of(face.faceId()), count))
                .withKeyType(TypeDescriptors.integers()))
        .apply("GroupByShard", GroupByKey.create())
        .apply("WriteShards", WriteShards.of(count, attemptUri));
  }

  private static long number(LabelFaces.Labelled face) {
    return face.identity().isEmpty() ? PackRow.UNKNOWN : IdentityRow.number(face.identity());
  }
}
