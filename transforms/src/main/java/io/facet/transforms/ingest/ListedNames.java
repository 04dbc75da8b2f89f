package io.facet.transforms.ingest;

import io.facet.transforms.row.SampleRow;
import io.facet.transforms.source.SourceSpec;
import java.util.List;
import java.util.TreeSet;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Ids of images by the names that lists of pairs and templates use, see {@link #key}. Images of
 * training sources are in no list. An image that was forgotten has an empty id.
 */
final class ListedNames
    extends PTransform<PCollection<SampleRow>, PCollection<KV<String, String>>> {
  private static final long serialVersionUID = 1L;

  private final TreeSet<String> sets = new TreeSet<>();

  ListedNames(List<SourceSpec> specs) {
    specs.stream().filter(spec -> !spec.isTraining()).map(SourceSpec::label).forEach(sets::add);
  }

  /** The name of an image of a set among all sets. */
  static String key(String set, String name) {
    return set + "\n" + name;
  }

  @Override
  public PCollection<KV<String, String>> expand(PCollection<SampleRow> samples) {
    TreeSet<String> listed = sets;
    return samples
        .apply("OfSets", Filter.by(sample -> listed.contains(sample.source())))
        .apply(
            "KeyByName",
            MapElements.into(
                    TypeDescriptors.kvs(TypeDescriptors.strings(), TypeDescriptors.strings()))
                .via(sample -> KV.of(key(sample.source(), sample.name()), sample.imageId())));
  }
}
