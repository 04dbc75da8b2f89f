package io.facet.transforms.align;

import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import java.util.Comparator;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Rejects that know their image alone get its source and its name there; of several names the first
 * in alphabetical order.
 */
public final class NameRejects extends PTransform<PCollection<RejectRow>, PCollection<RejectRow>> {
  private static final long serialVersionUID = 1L;

  private static final TupleTag<RejectRow> REJECTS = new TupleTag<>("rejects") {};
  private static final TupleTag<SampleRow> SAMPLES = new TupleTag<>("samples") {};

  private final transient PCollection<SampleRow> samples;

  private NameRejects(PCollection<SampleRow> samples) {
    this.samples = samples;
  }

  /** Names by these samples. */
  public static NameRejects of(PCollection<SampleRow> samples) {
    return new NameRejects(samples);
  }

  @Override
  public PCollection<RejectRow> expand(PCollection<RejectRow> rejects) {
    PCollection<KV<String, RejectRow>> byImage =
        rejects.apply(
            "KeyRejects", WithKeys.of(RejectRow::imageId).withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, SampleRow>> names =
        samples.apply(
            "KeySamples", WithKeys.of(SampleRow::imageId).withKeyType(TypeDescriptors.strings()));
    return KeyedPCollectionTuple.of(REJECTS, byImage)
        .and(SAMPLES, names)
        .apply("JoinNames", CoGroupByKey.create())
        .apply("Name", ParDo.of(new NameFn()));
  }

  private static final class NameFn extends DoFn<KV<String, CoGbkResult>, RejectRow> {
    private static final long serialVersionUID = 1L;

    private static final Comparator<SampleRow> FIRST =
        Comparator.comparing(SampleRow::source).thenComparing(SampleRow::name);

    @ProcessElement
    public void name(@Element KV<String, CoGbkResult> image, OutputReceiver<RejectRow> out) {
      for (RejectRow reject : image.getValue().getAll(REJECTS)) {
        out.output(
            StreamSupport.stream(image.getValue().getAll(SAMPLES).spliterator(), false)
                .min(FIRST)
                .map(sample -> named(reject, sample))
                .orElse(reject));
      }
    }

    private static RejectRow named(RejectRow reject, SampleRow sample) {
      return new RejectRow(
          reject.stage(),
          sample.source(),
          sample.name(),
          reject.imageId(),
          reject.reason(),
          reject.detail());
    }
  }
}
