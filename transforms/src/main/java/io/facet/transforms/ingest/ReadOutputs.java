package io.facet.transforms.ingest;

import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.source.RangeImages;
import io.facet.transforms.source.SampleReading;
import io.facet.transforms.source.SourceImage;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.SourceSpec;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn.MultiOutputReceiver;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/** What looking at an image gives to the pipeline: what was seen, or a dead letter. */
final class ReadOutputs implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Images, equal ones still several times. */
  static final TupleTag<SeenImage> SEEN = new TupleTag<>("seen") {};

  /** Names of images that are to be forgotten, without these. */
  static final TupleTag<SampleRow> FORGOTTEN = new TupleTag<>("forgotten") {};

  /** All outputs but {@link #SEEN}. */
  static final TupleTagList OTHERS = TupleTagList.of(List.of(FORGOTTEN, IngestSources.REJECTS));

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

  /** Takes the images of one chunk, in their order. */
  OfChunk of(Chunk chunk, MultiOutputReceiver out) {
    return new OfChunk(chunk, out);
  }

  /** The outputs of one chunk. */
  final class OfChunk implements RangeImages {
    private final int number;
    private final String chunk;
    private final MultiOutputReceiver out;
    private long place;

    private OfChunk(Chunk chunk, MultiOutputReceiver out) {
      this.number = chunk.spec();
      this.chunk = chunk.key();
      this.out = out;
    }

    @Override
    public void image(SourceSample sample, SourceImage image) {
      put(sample, SampleReading.look(image));
    }

    @Override
    public void refused(String name, String reason, String detail) {
      reject(name, "", reason, detail);
      place++;
    }

    /** An image that was looked at. */
    void put(SourceSample sample, SampleReading.Outcome outcome) {
      SourceSpec spec = specs.get(number);
      String split = spec.splitOf(sample.identity());
      if (forgotten.holds(outcome.imageId())) {
        reject("", "", ForgottenImages.REASON, ResolvePairs.ASKED);
        out.get(FORGOTTEN).output(new SampleRow(spec.label(), sample.name(), "", split, ""));
      } else if (outcome instanceof SampleReading.Unusable unusable) {
        reject(sample.name(), unusable.imageId(), unusable.reason(), unusable.detail());
      } else {
        SampleReading.Read read = (SampleReading.Read) outcome;
        samples.inc();
        bytes.inc(read.image().encoded().length);
        out.get(SEEN)
            .output(
                new SeenImage(
                    number,
                    spec.label(),
                    sample.name(),
                    sample.identity(),
                    split,
                    read.imageId(),
                    read.image().landmarks().length > 0,
                    chunk,
                    place));
      }
      place++;
    }

    private void reject(String name, String imageId, String reason, String detail) {
      out.get(IngestSources.REJECTS)
          .output(
              new RejectRow(
                  IngestSources.STAGE, specs.get(number).label(), name, imageId, reason, detail));
    }
  }
}
