package io.facet.transforms.embed;

import io.facet.transforms.row.FaceRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Groups faces by a hash of their names, so that the faces that share a batch are a function of the
 * data alone: a network's last bits depend on the batch.
 */
final class FaceBuckets
    extends PTransform<PCollection<FaceRow>, PCollection<KV<Integer, Iterable<FaceRow>>>> {
  private static final long serialVersionUID = 1L;

  private static final long FACES_A_BUCKET = 256;

  private final int buckets;

  private FaceBuckets(int buckets) {
    this.buckets = buckets;
  }

  /** Buckets for a table of about that many faces. */
  static FaceBuckets forRows(long rows) {
    return new FaceBuckets(
        (int) Math.max(1, Math.min(1 << 16, (rows + FACES_A_BUCKET - 1) / FACES_A_BUCKET)));
  }

  @Override
  public PCollection<KV<Integer, Iterable<FaceRow>>> expand(PCollection<FaceRow> faces) {
    int count = buckets;
    return faces
        .apply(
            "KeyByHash",
            WithKeys.<Integer, FaceRow>of(
                    face -> Integer.remainderUnsigned(face.faceId().hashCode(), count))
                .withKeyType(TypeDescriptors.integers()))
        .setCoder(KvCoder.of(VarIntCoder.of(), faces.getCoder()))
        .apply("Group", GroupByKey.create());
  }

  /** The faces of a bucket in the order of their names. */
  static List<FaceRow> sorted(Iterable<FaceRow> bucket) {
    List<FaceRow> faces = new ArrayList<>();
    bucket.forEach(faces::add);
    faces.sort(Comparator.comparing(FaceRow::faceId));
    return faces;
  }
}
