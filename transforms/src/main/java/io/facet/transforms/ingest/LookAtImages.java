package io.facet.transforms.ingest;

import io.facet.models.DataException;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SampleReading;
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
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;

/**
 * Looks at the images of chunks: what ingest has to know of them, and not their bytes, which {@link
 * KeptImages} reads where they lie once it is known which are kept.
 *
 * <p>An image of a packed file without an index is named by its place in the file: the records of
 * the ranges before it are counted first.
 */
final class LookAtImages extends PTransform<PCollection<Chunk>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final ReadOutputs outputs;

  LookAtImages(ReadOutputs outputs) {
    this.outputs = outputs;
  }

  /** How far a range of a file reaches, see {@link SourceRange.Extent}. */
  record Counted(int spec, String uri, long start, long first, long next, long records) {}

  @Override
  public PCollectionTuple expand(PCollection<Chunk> chunks) {
    PCollectionView<List<Counted>> counted =
        chunks
            .apply("WithoutIndex", Filter.by(LookAtImages::mustBeCounted))
            .apply("SpreadToCount", Reshuffle.viaRandomKey())
            .apply("Count", ParDo.of(new CountFn(outputs)))
            .apply("Counted", View.asList());
    return chunks
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply(
            "Look",
            ParDo.of(new LookFn(outputs, counted))
                .withSideInputs(counted)
                .withOutputTags(ReadOutputs.SEEN, ReadOutputs.OTHERS));
  }

  private static boolean mustBeCounted(Chunk chunk) {
    return chunk.isRange() && !chunk.range().file().isIndexed();
  }

  private static final class CountFn extends DoFn<Chunk, Counted> {
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
    public void count(@Element Chunk chunk, OutputReceiver<Counted> out) throws IOException {
      SourceRange range = chunk.range();
      SourceRange.Extent extent = sources.of(chunk.spec()).extent(range);
      out.output(
          new Counted(
              chunk.spec(),
              range.file().uri(),
              range.start(),
              extent.first(),
              extent.next(),
              extent.records()));
    }
  }

  private static final class LookFn extends DoFn<Chunk, SeenImage> {
    private static final long serialVersionUID = 1L;

    private final ReadOutputs outputs;
    private final PCollectionView<List<Counted>> counted;
    private transient OpenSources sources;

    LookFn(ReadOutputs outputs, PCollectionView<List<Counted>> counted) {
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
    public void look(ProcessContext context, MultiOutputReceiver out) throws IOException {
      Chunk chunk = context.element();
      FaceSource.Images images = sources.of(chunk.spec());
      ReadOutputs.OfChunk found = outputs.of(chunk, out);
      for (SourceSample sample : chunk.samples()) {
        found.put(sample, SampleReading.read(images, sample));
      }
      if (chunk.isRange()) {
        long before =
            mustBeCounted(chunk)
                ? before(chunk.spec(), chunk.range(), context.sideInput(counted))
                : 0;
        images.read(chunk.range(), before, found);
      }
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
