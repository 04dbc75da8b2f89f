package io.facet.transforms.ingest;

import io.facet.models.DataException;
import io.facet.transforms.row.ImageRow;
import io.facet.transforms.row.RecordCoder;
import io.facet.transforms.shared.GroupBoth;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.RangeImages;
import io.facet.transforms.source.SampleReading;
import io.facet.transforms.source.SourceImage;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.SourceSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.DoFn.OutputReceiver;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Reads the images that are kept where they lie, each keyed by its partition: only names were moved
 * to find out which they are.
 */
final class KeptImages
    extends PTransform<PCollection<KV<String, KeptImage>>, PCollection<KV<String, ImageRow>>> {
  private static final long serialVersionUID = 1L;

  private final transient PCollection<Chunk> chunks;
  private final List<SourceSpec> specs;

  private KeptImages(PCollection<Chunk> chunks, List<SourceSpec> specs) {
    this.chunks = chunks;
    this.specs = List.copyOf(specs);
  }

  /** Reads them from these chunks of these sources. */
  static KeptImages of(PCollection<Chunk> chunks, List<SourceSpec> specs) {
    return new KeptImages(chunks, specs);
  }

  @Override
  public PCollection<KV<String, ImageRow>> expand(PCollection<KV<String, KeptImage>> images) {
    PCollection<KV<String, Chunk>> keyed =
        chunks.apply("KeyChunks", WithKeys.of(Chunk::key).withKeyType(TypeDescriptors.strings()));
    return images
        .apply("JoinChunks", GroupBoth.with(keyed))
        .apply("Joined", ParDo.of(new JoinFn()))
        .setCoder(
            KvCoder.of(
                SerializableCoder.of(Chunk.class), ListCoder.of(RecordCoder.of(KeptImage.class))))
        .apply("Spread", Reshuffle.viaRandomKey()) // few chunks are not even by their hash
        .apply("Read", ParDo.of(new ReadFn(specs)));
  }

  private static final class JoinFn
      extends DoFn<KV<String, Iterable<KV<Chunk, KeptImage>>>, KV<Chunk, List<KeptImage>>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void join(
        @Element KV<String, Iterable<KV<Chunk, KeptImage>>> joined,
        OutputReceiver<KV<Chunk, List<KeptImage>>> out) {
      List<Chunk> chunk = new ArrayList<>();
      List<KeptImage> kept = new ArrayList<>();
      GroupBoth.each(joined.getValue(), chunk::add, kept::add);
      if (!kept.isEmpty()) {
        out.output(KV.of(chunk.get(0), kept));
      }
    }
  }

  private static final class ReadFn extends DoFn<KV<Chunk, List<KeptImage>>, KV<String, ImageRow>> {
    private static final long serialVersionUID = 1L;

    private final List<SourceSpec> specs;
    private transient OpenSources sources;

    ReadFn(List<SourceSpec> specs) {
      this.specs = specs;
    }

    @Setup
    public void open() throws Exception {
      sources = new OpenSources(specs);
    }

    @Teardown
    public void close() throws Exception {
      sources.close();
    }

    @ProcessElement
    public void read(
        @Element KV<Chunk, List<KeptImage>> joined, OutputReceiver<KV<String, ImageRow>> out)
        throws IOException {
      Chunk chunk = joined.getKey();
      FaceSource.Images images = sources.of(chunk.spec());
      Output output = new Output(specs.get(chunk.spec()), joined.getValue(), out);
      for (int place = 0; place < chunk.samples().size(); place++) {
        if (output.wants(place)) {
          output.put(place, SampleReading.read(images, chunk.samples().get(place)));
        }
      }
      if (chunk.isRange()) {
        images.read(chunk.range(), 0, output);
      }
      output.requireAll();
    }
  }

  /** Takes the images of a chunk in their order, and passes on those that are kept. */
  private static final class Output implements RangeImages {
    private final SourceSpec spec;
    private final Map<Long, KeptImage> wanted = new HashMap<>();
    private final OutputReceiver<KV<String, ImageRow>> out;
    private long next;

    Output(SourceSpec spec, List<KeptImage> kept, OutputReceiver<KV<String, ImageRow>> out) {
      this.spec = spec;
      this.out = out;
      kept.forEach(image -> wanted.put(image.place(), image));
    }

    boolean wants(long place) {
      return wanted.containsKey(place);
    }

    @Override
    public void image(SourceSample sample, SourceImage image) {
      if (wants(next)) {
        put(next, SampleReading.look(image));
      }
      next++;
    }

    @Override
    public void refused(String name, String reason, String detail) {
      next++;
    }

    void put(long place, SampleReading.Outcome outcome) {
      KeptImage image = wanted.remove(place);
      if (!outcome.imageId().equals(image.imageId())
          || !(outcome instanceof SampleReading.Read read)) {
        throw changed();
      }
      out.output(
          KV.of(
              image.partition(),
              new ImageRow(
                  image.imageId(),
                  read.image().encoded(),
                  read.header().format().key(),
                  read.header().width(),
                  read.header().height(),
                  read.image().landmarks(),
                  spec.aligned())));
    }

    void requireAll() {
      if (!wanted.isEmpty()) {
        throw changed();
      }
    }

    private DataException changed() {
      return new DataException(
          "%s: its images changed while they were read; run again".formatted(spec.label()));
    }
  }
}
