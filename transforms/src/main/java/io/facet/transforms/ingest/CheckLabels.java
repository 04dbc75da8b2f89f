package io.facet.transforms.ingest;

import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Takes training samples away that cannot be trusted: the same bytes under two identities, or also
 * in a verification set unless those are to be kept. An unlabelled copy of a labelled image takes
 * its identity and split. Verification sets stay as they are; a conflict inside one is counted.
 */
final class CheckLabels extends PTransform<PCollection<SampleRow>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final boolean keepShared;

  CheckLabels(boolean keepShared) {
    this.keepShared = keepShared;
  }

  @Override
  public PCollectionTuple expand(PCollection<SampleRow> samples) {
    return samples
        .apply("KeyByImage", WithKeys.of(SampleRow::imageId).withKeyType(TypeDescriptors.strings()))
        .apply("GroupByImage", GroupByKey.create())
        .apply(
            "Check",
            ParDo.of(new CheckFn(keepShared))
                .withOutputTags(IngestSources.SAMPLES, TupleTagList.of(IngestSources.REJECTS)));
  }

  private static final class CheckFn extends DoFn<KV<String, Iterable<SampleRow>>, SampleRow> {
    private static final long serialVersionUID = 1L;

    private final boolean keepShared;
    private final Counter duplicates = Metrics.counter(IngestSources.class, "duplicates");
    private final Counter conflicts =
        Metrics.counter(IngestSources.class, "conflicting-identities");
    private final Counter shared = Metrics.counter(IngestSources.class, "shared-with-verification");

    CheckFn(boolean keepShared) {
      this.keepShared = keepShared;
    }

    @ProcessElement
    public void check(@Element KV<String, Iterable<SampleRow>> image, MultiOutputReceiver out) {
      List<SampleRow> training = new ArrayList<>();
      List<SampleRow> evaluation = new ArrayList<>();
      for (SampleRow sample : image.getValue()) {
        boolean learnt =
            sample.split().equals(SampleRow.TRAIN) || sample.split().equals(SampleRow.VALIDATION);
        (learnt ? training : evaluation).add(sample);
      }
      duplicates.inc(training.size() + evaluation.size() - 1);
      evaluation.forEach(out.get(IngestSources.SAMPLES)::output);
      Set<String> people = identities(training);
      if (people.size() > 1 || identities(evaluation).size() > 1) {
        conflicts.inc();
      }
      if (!training.isEmpty() && !evaluation.isEmpty()) {
        shared.inc();
      }
      for (SampleRow sample : training) {
        if (people.size() > 1) {
          reject(sample, "conflicting-identities", "the same image shows " + people, out);
        } else if (!evaluation.isEmpty() && !keepShared) {
          String sets =
              evaluation.stream()
                  .map(SampleRow::split)
                  .distinct()
                  .sorted()
                  .collect(Collectors.joining(", "));
          String detail = "verification sets hold the same image: " + sets;
          reject(sample, "in-verification-set", detail, out);
        } else {
          out.get(IngestSources.SAMPLES)
              .output(sample.identity().isEmpty() ? known(sample, training) : sample);
        }
      }
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
