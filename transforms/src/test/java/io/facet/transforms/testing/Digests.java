package io.facet.transforms.testing;

import io.facet.transforms.row.TableDigest;
import java.util.List;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;

/** The digest of all rows of a collection. */
public final class Digests<T> extends PTransform<PCollection<T>, PCollection<TableDigest>> {
  private static final long serialVersionUID = 1L;

  private final Class<T> type;

  private Digests(Class<T> type) {
    this.type = type;
  }

  /** Digests of rows of this type. */
  public static <T> Digests<T> of(Class<T> type) {
    return new Digests<>(type);
  }

  @Override
  public PCollection<TableDigest> expand(PCollection<T> rows) {
    Class<T> rowType = type;
    return rows.apply(
            "OfOneRow",
            MapElements.into(TypeDescriptor.of(TableDigest.class))
                .via(row -> TableDigest.of(rowType, List.of(row))))
        .apply("Sum", Combine.globally(TableDigest::sum));
  }
}
