package io.facet.transforms.align;

import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.shared.GroupBoth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Rejects that know their image alone get its source and its name there; of several names the first
 * in alphabetical order.
 */
public final class NameRejects extends PTransform<PCollection<RejectRow>, PCollection<RejectRow>> {
  private static final long serialVersionUID = 1L;

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
    return names.apply("JoinNames", GroupBoth.with(byImage)).apply("Name", ParDo.of(new NameFn()));
  }

  private static final class NameFn
      extends DoFn<KV<String, Iterable<KV<RejectRow, SampleRow>>>, RejectRow> {
    private static final long serialVersionUID = 1L;

    private static final Comparator<SampleRow> FIRST =
        Comparator.comparing(SampleRow::source).thenComparing(SampleRow::name);

    @ProcessElement
    public void name(
        @Element KV<String, Iterable<KV<RejectRow, SampleRow>>> image,
        OutputReceiver<RejectRow> out) {
      List<RejectRow> rejects = new ArrayList<>();
      SampleRow first = null;
      for (KV<RejectRow, SampleRow> one : image.getValue()) {
        if (one.getKey() != null) {
          rejects.add(one.getKey());
        } else if (first == null || FIRST.compare(one.getValue(), first) < 0) {
          first = one.getValue();
        }
      }
      for (RejectRow reject : rejects) {
        out.output(first == null ? reject : named(reject, first));
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
