package io.facet.transforms.ingest;

import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.SharedRow;
import io.facet.transforms.source.SourceSpec;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Who learns and who judges: what is learnt from must not stand in a source that is validated or
 * measured on, and what is validated on not in one that is measured on.
 */
final class SharedData implements Serializable {
  private static final long serialVersionUID = 1L;

  /** 0 for training sources, 1 for pairs to validate on, 2 for verification sets; by label. */
  private final Map<String, Integer> ranks = new HashMap<>();

  SharedData(List<SourceSpec> specs) {
    specs.forEach(
        spec -> ranks.put(spec.label(), spec.isTraining() ? 0 : spec.isValidation() ? 1 : 2));
  }

  /**
   * What sources share.
   *
   * @param kind see {@link SharedRow}
   * @param names of one image or person, by source
   */
  List<SharedRow> rows(String kind, SortedMap<String, String> names) {
    List<SharedRow> rows = new ArrayList<>();
    names.forEach(
        (set, name) ->
            names.forEach(
                (source, twin) -> {
                  if (ranks.get(source) < ranks.get(set)) {
                    rows.add(new SharedRow(kind, set, source, name, twin));
                  }
                }));
    return rows;
  }

  /** Looks for people in samples. */
  PTransform<PCollection<SampleRow>, PCollection<SharedRow>> people() {
    return new People(this);
  }

  private static final class People
      extends PTransform<PCollection<SampleRow>, PCollection<SharedRow>> {
    private static final long serialVersionUID = 1L;

    private final SharedData shared;

    People(SharedData shared) {
      this.shared = shared;
    }

    @Override
    public PCollection<SharedRow> expand(PCollection<SampleRow> samples) {
      return samples
          .apply("Labelled", Filter.by(sample -> !sample.identity().isEmpty()))
          .apply(
              "KeyByPerson",
              MapElements.into(
                      TypeDescriptors.kvs(TypeDescriptors.strings(), TypeDescriptors.strings()))
                  .via(sample -> KV.of(sample.identity(), sample.source())))
          .apply("OnceASource", Distinct.create())
          .apply("GroupByPerson", GroupByKey.create())
          .apply("Shared", ParDo.of(new PeopleFn(shared)));
    }
  }

  private static final class PeopleFn extends DoFn<KV<String, Iterable<String>>, SharedRow> {
    private static final long serialVersionUID = 1L;

    private final SharedData shared;

    PeopleFn(SharedData shared) {
      this.shared = shared;
    }

    @ProcessElement
    public void find(@Element KV<String, Iterable<String>> person, OutputReceiver<SharedRow> out) {
      SortedMap<String, String> sources = new TreeMap<>();
      person.getValue().forEach(source -> sources.put(source, person.getKey()));
      shared.rows(SharedRow.IDENTITY, sources).forEach(out::output);
    }
  }
}
