package io.facet.transforms.ingest;

import io.facet.models.DataException;
import io.facet.transforms.source.RangeImages;
import io.facet.transforms.source.SampleReading;
import io.facet.transforms.source.SourceImage;
import io.facet.transforms.source.SourceRange;
import io.facet.transforms.source.SourceSample;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Reads packed files range by range: the number of the source, and a range. Files without an index
 * are gone over twice, since their images are called by how many records stand before them: first
 * every range is counted, then it is read.
 */
final class ReadRanges extends PTransform<PCollection<KV<Integer, SourceRange>>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final ReadOutputs outputs;

  ReadRanges(ReadOutputs outputs) {
    this.outputs = outputs;
  }

  /** How far a range of a file reaches, see {@link SourceRange.Extent}. */
  record Counted(int spec, String uri, long start, long first, long next, long records) {}

  @Override
  public PCollectionTuple expand(PCollection<KV<Integer, SourceRange>> ranges) {
    PCollectionView<List<Counted>> counted =
        ranges
            .apply("WithoutIndex", Filter.by(range -> !range.getValue().file().isIndexed()))
            .apply("SpreadToCount", Reshuffle.viaRandomKey())
            .apply("Count", ParDo.of(new CountFn(outputs)))
            .apply("Counted", View.asList());
    return ranges
        .apply("SpreadRanges", Reshuffle.viaRandomKey())
        .apply(
            "Read",
            ParDo.of(new ReadFn(outputs, counted))
                .withSideInputs(counted)
                .withOutputTags(ReadOutputs.READ, ReadOutputs.OTHERS));
  }

  private static final class CountFn extends DoFn<KV<Integer, SourceRange>, Counted> {
    private static final long serialVersionUID = 1L;

    private final ReadOutputs outputs;
    private transient OpenSources sources;

    CountFn(ReadOutputs outputs) {
      this.outputs = outputs;
    }

    @Setup
    public void open() throws Exception {
      sources = new OpenSources(outputs.specs());
    }

    @Teardown
    public void close() throws Exception {
      sources.close();
    }

    @ProcessElement
    public void count(@Element KV<Integer, SourceRange> listed, OutputReceiver<Counted> out)
        throws IOException {
      SourceRange range = listed.getValue();
      SourceRange.Extent extent = sources.of(listed.getKey()).extent(range);
      out.output(
          new Counted(
              listed.getKey(),
              range.file().uri(),
              range.start(),
              extent.first(),
              extent.next(),
              extent.records()));
    }
  }

  private static final class ReadFn extends DoFn<KV<Integer, SourceRange>, ReadImage> {
    private static final long serialVersionUID = 1L;

    private final ReadOutputs outputs;
    private final PCollectionView<List<Counted>> counted;
    private transient OpenSources sources;

    ReadFn(ReadOutputs outputs, PCollectionView<List<Counted>> counted) {
      this.outputs = outputs;
      this.counted = counted;
    }

    @Setup
    public void open() throws Exception {
      sources = new OpenSources(outputs.specs());
    }

    @Teardown
    public void close() throws Exception {
      sources.close();
    }

    @ProcessElement
    public void read(ProcessContext context, MultiOutputReceiver out) throws IOException {
      int number = context.element().getKey();
      SourceRange range = context.element().getValue();
      long before =
          range.file().isIndexed() ? 0 : before(number, range, context.sideInput(counted));
      sources
          .of(number)
          .read(
              range,
              before,
              new RangeImages() {
                @Override
                public void image(SourceSample sample, SourceImage image) {
                  outputs.put(number, sample, SampleReading.look(image), out);
                }

                @Override
                public void refused(String name, String reason, String detail) {
                  outputs.reject(number, name, "", reason, detail, out);
                }
              });
    }

    /** Records of the file before a range. */
    private static long before(int spec, SourceRange range, List<Counted> all) {
      List<Counted> file =
          all.stream()
              .filter(part -> part.spec() == spec && part.uri().equals(range.file().uri()))
              .sorted(Comparator.comparingLong(Counted::start))
              .toList();
      long records = 0;
      for (int i = 0; i < file.size() && file.get(i).start() < range.start(); i++) {
        records += file.get(i).records();
        long next = file.get(i).next();
        if (i + 1 < file.size() && next != file.get(i + 1).first()) {
          throw new DataException(
              "%s: where a record begins behind byte %d cannot be told for sure, since an image there holds what looks like records; put the .idx file beside it"
                  .formatted(range.file().uri(), Math.min(next, file.get(i + 1).first())));
        }
      }
      return records;
    }
  }
}
