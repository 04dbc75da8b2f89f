package io.facet.transforms.pack;

import io.facet.models.tensor.SeededHash;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.PackRow;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Writes table {@code pack}: the labelled faces as shards, each a range of the hashes of the faces'
 * ids, in their order; equal faces give equal shards however they arrive. Their crops stay where
 * they lie.
 *
 * <pre>{@code
 * labels.apply("PackFaces", PackFaces.inShards(PackFaces.shards(faces)).to(attemptUri));
 * }</pre>
 */
public final class PackFaces
    extends PTransform<PCollection<LabelFaces.Labelled>, PCollection<TableSummary>> {
  /** Name of the table. */
  public static final String TABLE = "pack";

  private static final long serialVersionUID = 1L;

  /** About 40 MB of memory in the task that sorts them. */
  private static final long SHARD_FACES = 200_000;

  private final int shards;
  private final String attemptUri;

  private PackFaces(int shards, String attemptUri) {
    this.shards = shards;
    this.attemptUri = attemptUri;
  }

  /** At most so many shards; give the attempt folder by to(). */
  public static PackFaces inShards(int shards) {
    return new PackFaces(shards, null);
  }

  /** Writes below this attempt folder; required. */
  public PackFaces to(String attemptUri) {
    return new PackFaces(shards, attemptUri);
  }

  /** How many shards so many faces fill; at least one. */
  public static int shards(long faces) {
    return Math.toIntExact(Math.max(1, (faces + SHARD_FACES / 2) / SHARD_FACES));
  }

  /** The shard of a hash: the first holds the lowest ones, signed. */
  static int shard(long hash, int shards) {
    return (int) Math.multiplyHigh((hash ^ Long.MIN_VALUE) >>> 1, 2L * shards);
  }

  @Override
  public PCollection<TableSummary> expand(PCollection<LabelFaces.Labelled> labels) {
    if (attemptUri == null) {
      throw new IllegalStateException("the pack needs an attempt folder: to(URI)");
    }
    int count = shards;
    return labels
        .apply(
            "Rows",
            MapElements.into(TypeDescriptor.of(PackRow.class))
                .via(face -> new PackRow(face.faceId(), face.split(), number(face))))
        .apply(
            "KeyByShard",
            WithKeys.<Integer, PackRow>of(row -> shard(SeededHash.of(row.faceId()), count))
                .withKeyType(TypeDescriptors.integers()))
        .apply("GroupByShard", GroupByKey.create())
        .apply("WriteShards", WriteShards.of(count, attemptUri));
  }

  private static long number(LabelFaces.Labelled face) {
    return face.identity().isEmpty() ? PackRow.UNKNOWN : IdentityRow.number(face.identity());
  }
}
