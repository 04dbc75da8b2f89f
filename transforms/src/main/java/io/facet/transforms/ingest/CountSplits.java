package io.facet.transforms.ingest;

import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.SplitRow;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/** Counts samples and people of every split. */
final class CountSplits extends PTransform<PCollection<SampleRow>, PCollection<SplitRow>> {
  private static final long serialVersionUID = 1L;

  @Override
  public PCollection<SplitRow> expand(PCollection<SampleRow> samples) {
    return samples
        .apply(
            "KeyByPerson",
            MapElements.into(
                    TypeDescriptors.kvs(TypeDescriptors.strings(), TypeDescriptors.strings()))
                .via(sample -> KV.of(sample.split(), sample.identity())))
        .apply("CountPeople", Count.perElement())
        .apply(
            "OfOnePerson",
            MapElements.into(TypeDescriptor.of(SplitRow.class))
                .via(
                    person ->
                        new SplitRow(
                            person.getKey().getKey(),
                            person.getValue(),
                            person.getKey().getValue().isEmpty() ? 0 : 1)))
        .apply("KeyBySplit", WithKeys.of(SplitRow::split).withKeyType(TypeDescriptors.strings()))
        .apply("CountSplits", Combine.perKey(new Sum()))
        .apply("Splits", Values.create());
  }

  private static final class Sum extends Combine.BinaryCombineFn<SplitRow> {
    private static final long serialVersionUID = 1L;

    @Override
    public SplitRow apply(SplitRow left, SplitRow right) {
      return new SplitRow(
          left.split(), left.samples() + right.samples(), left.identities() + right.identities());
    }
  }
}
