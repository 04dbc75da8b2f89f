package io.facet.transforms.ingest;

import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.source.SampleReading;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.SourceSpec;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/** What reading an image gives to the pipeline: the image and its name, or a dead letter. */
final class ReadOutputs implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Images, equal ones still several times. */
  static final TupleTag<ReadImage> READ = new TupleTag<>("read") {};

  /** Names of images that are to be forgotten, without these. */
  static final TupleTag<SampleRow> FORGOTTEN = new TupleTag<>("forgotten") {};

  /** All outputs but {@link #READ}. */
  static final TupleTagList OTHERS =
      TupleTagList.of(List.of(IngestSources.SAMPLES, FORGOTTEN, IngestSources.REJECTS));

  private final List<SourceSpec> specs;
  private final ForgottenImages forgotten;
  private final Counter samples = Metrics.counter(IngestSources.class, "samples");
  private final Counter bytes = Metrics.counter(IngestSources.class, "bytes");

  ReadOutputs(List<SourceSpec> specs, ForgottenImages forgotten) {
    this.specs = List.copyOf(specs);
    this.forgotten = forgotten;
  }

  List<SourceSpec> specs() {
    return specs;
  }

  /** An image that was looked at. */
  void put(
      int number, SourceSample sample, SampleReading.Outcome outcome, MultiOutputReceiver out) {
    SourceSpec spec = specs.get(number);
    String split = spec.splitOf(sample.identity());
    if (forgotten.holds(outcome.imageId())) {
      reject(number, "", "", ForgottenImages.REASON, ResolvePairs.ASKED, out);
      out.get(FORGOTTEN).output(new SampleRow(spec.label(), sample.name(), "", split, ""));
    } else if (outcome instanceof SampleReading.Unusable unusable) {
      reject(number, sample.name(), unusable.imageId(), unusable.reason(), unusable.detail(), out);
    } else {
      SampleReading.Read read = (SampleReading.Read) outcome;
      out.get(READ).output(ReadImage.of(number, sample.name(), read, spec.aligned()));
      samples.inc();
      bytes.inc(read.image().encoded().length);
      out.get(IngestSources.SAMPLES)
          .output(
              new SampleRow(spec.label(), sample.name(), sample.identity(), split, read.imageId()));
    }
  }

  /** Something that is no image. */
  void reject(
      int number,
      String name,
      String imageId,
      String reason,
      String detail,
      MultiOutputReceiver out) {
    out.get(IngestSources.REJECTS)
        .output(
            new RejectRow(
                IngestSources.STAGE, specs.get(number).label(), name, imageId, reason, detail));
  }
}
