package io.facet.transforms.ingest;

import io.facet.transforms.source.SampleReading;
import io.facet.transforms.source.SourceSample;
import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/** Reads images that a source lists one by one: the number of the source, and the image. */
final class ReadSamples
    extends PTransform<PCollection<KV<Integer, SourceSample>>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final ReadOutputs outputs;

  ReadSamples(ReadOutputs outputs) {
    this.outputs = outputs;
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<Integer, SourceSample>> samples) {
    return samples
        .apply("SpreadSamples", Reshuffle.viaRandomKey())
        .apply(
            "Read",
            ParDo.of(new ReadFn(outputs)).withOutputTags(ReadOutputs.READ, ReadOutputs.OTHERS));
  }

  private static final class ReadFn extends DoFn<KV<Integer, SourceSample>, ReadImage> {
    private static final long serialVersionUID = 1L;

    private final ReadOutputs outputs;
    private transient OpenSources sources;

    ReadFn(ReadOutputs outputs) {
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
    public void read(@Element KV<Integer, SourceSample> listed, MultiOutputReceiver out)
        throws IOException {
      SourceSample sample = listed.getValue();
      outputs.put(
          listed.getKey(), sample, SampleReading.read(sources.of(listed.getKey()), sample), out);
    }
  }
}
