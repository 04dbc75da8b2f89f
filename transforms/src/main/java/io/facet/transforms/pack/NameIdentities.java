package io.facet.transforms.pack;

import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.PersonRow;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;

/** The people of each split, once each. */
public final class NameIdentities
    extends PTransform<PCollection<LabelFaces.Labelled>, PCollection<PersonRow>> {
  private static final long serialVersionUID = 1L;

  private NameIdentities() {}

  /** Without settings. */
  public static NameIdentities create() {
    return new NameIdentities();
  }

  @Override
  public PCollection<PersonRow> expand(PCollection<LabelFaces.Labelled> faces) {
    return faces
        .apply("Known", Filter.by(face -> !face.identity().isEmpty()))
        .apply(
            "Name",
            MapElements.into(TypeDescriptor.of(PersonRow.class))
                .via(
                    face ->
                        new PersonRow(
                            face.split(), face.identity(), IdentityRow.number(face.identity()))))
        .apply("Once", Distinct.create());
  }
}
