package io.facet.models.option;

/** Binds trees of maps, lists and scalars to records; see the design. */
public final class RecordBinder {
  private RecordBinder() {}

  /** Binds JSON text to a record. */
  public static <R extends Record> R bindJson(Class<R> type, String json) {
    throw new IllegalStateException("not yet written");
  }
}
