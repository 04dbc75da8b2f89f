package io.facet.transforms.embed;

import io.facet.transforms.row.FaceCrop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Gathers faces into batches by a hash of their names, so that the faces that share a batch are a
 * function of the data alone: a network's last bits depend on the batch. Batches are spread evenly
 * over the workers; a few groups by hash alone would not be.
 */
final class FaceBatches extends PTransform<PCollection<FaceCrop>, PCollection<List<FaceCrop>>> {
  private static final long serialVersionUID = 1L;

  /** Faces of a batch; the last one of a bucket may have less. */
  static final int SIZE = 32;

  /** So many that few batches are not full, so few that they fit in memory. */
  private static final long FACES_A_BUCKET = 1024;

  /** Less than so many buckets are not even by their hash. */
  private static final int FEW = 512;

  private final int buckets;

  private FaceBatches(int buckets) {
    this.buckets = buckets;
  }

  /** Batches of a table of about that many faces. */
  static FaceBatches forRows(long rows) {
    return new FaceBatches(
        (int) Math.max(1, Math.min(1 << 16, (rows + FACES_A_BUCKET - 1) / FACES_A_BUCKET)));
  }

  @Override
  public PCollection<List<FaceCrop>> expand(PCollection<FaceCrop> faces) {
    int count = buckets;
    PCollection<List<FaceCrop>> batches =
        faces
            .apply(
                "KeyByHash",
                WithKeys.<Integer, FaceCrop>of(
                        face -> Integer.remainderUnsigned(face.faceId().hashCode(), count))
                    .withKeyType(TypeDescriptors.integers()))
            .setCoder(KvCoder.of(VarIntCoder.of(), faces.getCoder()))
            .apply("Group", GroupByKey.create())
            .apply("Cut", ParDo.of(new CutFn()))
            .setCoder(ListCoder.of(faces.getCoder()));
    return count < FEW ? batches.apply("SpreadBatches", Reshuffle.viaRandomKey()) : batches;
  }

  /** Cuts a bucket into batches in the order of the faces' names. */
  private static final class CutFn extends DoFn<KV<Integer, Iterable<FaceCrop>>, List<FaceCrop>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KV<Integer, Iterable<FaceCrop>> bucket, OutputReceiver<List<FaceCrop>> out) {
      List<FaceCrop> faces = new ArrayList<>();
      bucket.getValue().forEach(faces::add);
      faces.sort(Comparator.comparing(FaceCrop::faceId));
      for (int from = 0; from < faces.size(); from += SIZE) {
        out.output(List.copyOf(faces.subList(from, Math.min(from + SIZE, faces.size()))));
      }
    }
  }
}
