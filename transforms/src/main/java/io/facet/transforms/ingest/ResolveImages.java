package io.facet.transforms.ingest;

import static java.util.Comparator.naturalOrder;

import io.facet.transforms.parquet.Partition;
import io.facet.transforms.row.RecordCoder;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.SharedRow;
import io.facet.transforms.row.TextCoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Brings equal images together: which of them is kept, as {@link #KEPT}, and what may be learnt
 * from them.
 *
 * <p>Of equal images the one with landmarks is kept, of the first source, with the first name.
 * Taken away are training samples that cannot be trusted: the same bytes under two identities. An
 * unlabelled copy of a labelled image takes its identity and split. Verification sets stay as they
 * are; a conflict inside one is counted. Images that are learnt from and measured on are {@link
 * IngestSources#SHARED}.
 */
final class ResolveImages extends PTransform<PCollection<SeenImage>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** The images to be kept, by {@link Chunk#key}. */
  static final TupleTag<KV<String, KeptImage>> KEPT = new TupleTag<>("kept") {};

  private static final Comparator<SeenImage> FIRST =
      Comparator.comparing((SeenImage image) -> !image.landmarks())
          .thenComparing(SeenImage::spec)
          .thenComparing(SeenImage::name);

  private final SharedData sharedData;

  ResolveImages(SharedData sharedData) {
    this.sharedData = sharedData;
  }

  @Override
  public PCollectionTuple expand(PCollection<SeenImage> images) {
    return images
        .apply("KeyByImage", WithKeys.of(SeenImage::imageId).withKeyType(TypeDescriptors.strings()))
        .setCoder(KvCoder.of(TextCoder.of(), RecordCoder.of(SeenImage.class)))
        .apply("GroupByImage", GroupByKey.create())
        .apply(
            "Resolve",
            ParDo.of(new ResolveFn(sharedData))
                .withOutputTags(
                    IngestSources.SAMPLES,
                    TupleTagList.of(List.of(IngestSources.REJECTS, IngestSources.SHARED, KEPT))));
  }

  private static final class ResolveFn extends DoFn<KV<String, Iterable<SeenImage>>, SampleRow> {
    private static final long serialVersionUID = 1L;

    private final SharedData sharedData;
    private final Counter duplicates = Metrics.counter(IngestSources.class, "duplicates");
    private final Counter conflicts =
        Metrics.counter(IngestSources.class, "conflicting-identities");
    private final Counter shared = Metrics.counter(IngestSources.class, "shared-with-verification");

    ResolveFn(SharedData sharedData) {
      this.sharedData = sharedData;
    }

    @ProcessElement
    public void resolve(@Element KV<String, Iterable<SeenImage>> equal, MultiOutputReceiver out) {
      List<SampleRow> training = new ArrayList<>();
      List<SampleRow> evaluation = new ArrayList<>();
      SortedMap<String, String> names = new TreeMap<>();
      SeenImage first = null;
      for (SeenImage image : equal.getValue()) {
        first = first == null ? image : BinaryOperator.minBy(FIRST).apply(first, image);
        SampleRow sample = image.sample();
        names.merge(sample.source(), sample.name(), BinaryOperator.minBy(naturalOrder()));
        boolean learnt =
            sample.split().equals(SampleRow.TRAIN) || sample.split().equals(SampleRow.VALIDATION);
        (learnt ? training : evaluation).add(sample);
      }
      duplicates.inc(training.size() + evaluation.size() - 1);
      Set<String> splits = new TreeSet<>();
      evaluation.forEach(sample -> output(sample, splits, out));
      Set<String> people = identities(training);
      if (people.size() > 1 || identities(evaluation).size() > 1) {
        conflicts.inc();
      }
      List<SharedRow> rows = sharedData.rows(SharedRow.IMAGE, names);
      if (!rows.isEmpty()) {
        shared.inc();
        rows.forEach(out.get(IngestSources.SHARED)::output);
      }
      for (SampleRow sample : training) {
        if (people.size() > 1) {
          reject(sample, "conflicting-identities", "the same image shows " + people, out);
        } else {
          output(sample.identity().isEmpty() ? known(sample, training) : sample, splits, out);
        }
      }
      KeptImage kept = new KeptImage(first.place(), equal.getKey(), Partition.of(splits));
      out.get(KEPT).output(KV.of(first.chunk(), kept));
    }

    private static void output(SampleRow sample, Set<String> splits, MultiOutputReceiver out) {
      splits.add(sample.split());
      out.get(IngestSources.SAMPLES).output(sample);
    }

    /** An unlabelled image with the identity and split of a labelled copy, if there is one. */
    private static SampleRow known(SampleRow sample, List<SampleRow> copies) {
      return copies.stream()
          .filter(copy -> !copy.identity().isEmpty())
          .findFirst()
          .map(
              copy ->
                  new SampleRow(
                      sample.source(),
                      sample.name(),
                      copy.identity(),
                      copy.split(),
                      sample.imageId()))
          .orElse(sample);
    }

    private static void reject(
        SampleRow sample, String reason, String detail, MultiOutputReceiver out) {
      out.get(IngestSources.REJECTS)
          .output(
              new RejectRow(
                  IngestSources.STAGE,
                  sample.source(),
                  sample.name(),
                  sample.imageId(),
                  reason,
                  detail));
    }

    private static Set<String> identities(List<SampleRow> samples) {
      Set<String> identities = new TreeSet<>();
      samples.forEach(sample -> identities.add(sample.identity()));
      identities.remove(""); // an unlabelled copy contradicts nobody
      return identities;
    }
  }
}
