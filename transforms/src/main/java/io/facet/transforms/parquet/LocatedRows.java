package io.facet.transforms.parquet;

import io.facet.transforms.row.RecordCoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Joins of tables with large rows, such as images: {@link #of} reads the few columns a join needs,
 * with the row group each row lies in; once it is known which rows are wanted, {@link #rows} reads
 * those where they lie. Names move between workers, images do not.
 */
public final class LocatedRows {
  private LocatedRows() {}

  /**
   * The columns of a smaller record, each with the row group it lies in.
   *
   * @param uris data files of a table; none gives an empty collection
   */
  public static <T> PTransform<PBegin, PCollection<KV<ParquetTable.RowGroup, T>>> of(
      Class<T> type, List<String> uris) {
    return new Locate<>(type, uris);
  }

  /**
   * A row that is wanted.
   *
   * @param name of it
   * @param key it gets, such as its {@link Partition}
   */
  public record Wanted(String name, String key) {}

  /**
   * The rows of these names in these row groups, each with the key it is to have. Names that a row
   * group does not have are passed over.
   *
   * @param name of a row
   */
  public static <T>
      PTransform<PCollection<KV<ParquetTable.RowGroup, Wanted>>, PCollection<KV<String, T>>> rows(
          Class<T> type, SerializableFunction<T, String> name) {
    return new Rows<>(type, name);
  }

  private static final class Locate<T>
      extends PTransform<PBegin, PCollection<KV<ParquetTable.RowGroup, T>>> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;
    private final List<String> uris;

    Locate(Class<T> type, List<String> uris) {
      this.type = type;
      this.uris = List.copyOf(uris);
    }

    @Override
    public PCollection<KV<ParquetTable.RowGroup, T>> expand(PBegin begin) {
      return begin
          .apply("Files", Create.of(uris).withType(TypeDescriptors.strings()))
          .apply("RowGroups", new RowGroups())
          .apply("Locate", ParDo.of(new LocateFn<>(type)))
          .setCoder(KvCoder.of(RecordCoder.of(ParquetTable.RowGroup.class), RecordCoder.of(type)));
    }
  }

  private static final class LocateFn<T>
      extends DoFn<ParquetTable.RowGroup, KV<ParquetTable.RowGroup, T>> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;

    LocateFn(Class<T> type) {
      this.type = type;
    }

    @ProcessElement
    public void locate(
        @Element ParquetTable.RowGroup group,
        OutputReceiver<KV<ParquetTable.RowGroup, T>> located) {
      try (ParquetTable.Rows<T> rows = ParquetTable.read(type, group)) {
        rows.forEach(row -> located.output(KV.of(group, row)));
      }
    }
  }

  private static final class Rows<T>
      extends PTransform<
          PCollection<KV<ParquetTable.RowGroup, Wanted>>, PCollection<KV<String, T>>> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;
    private final SerializableFunction<T, String> name;

    Rows(Class<T> type, SerializableFunction<T, String> name) {
      this.type = type;
      this.name = name;
    }

    @Override
    public PCollection<KV<String, T>> expand(
        PCollection<KV<ParquetTable.RowGroup, Wanted>> wanted) {
      return wanted
          .apply("GroupByRowGroup", GroupByKey.create())
          .apply("Gather", ParDo.of(new GatherFn()))
          .setCoder(
              KvCoder.of(
                  RecordCoder.of(ParquetTable.RowGroup.class),
                  ListCoder.of(RecordCoder.of(Wanted.class))))
          .apply("Spread", Reshuffle.viaRandomKey()) // few row groups are not even by their hash
          .apply("ReadRows", ParDo.of(new ReadRowsFn<>(type, name)))
          .setCoder(KvCoder.of(StringUtf8Coder.of(), RecordCoder.of(type)));
    }
  }

  private static final class GatherFn
      extends DoFn<
          KV<ParquetTable.RowGroup, Iterable<Wanted>>, KV<ParquetTable.RowGroup, List<Wanted>>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void gather(
        @Element KV<ParquetTable.RowGroup, Iterable<Wanted>> group,
        OutputReceiver<KV<ParquetTable.RowGroup, List<Wanted>>> output) {
      List<Wanted> wanted = new ArrayList<>();
      group.getValue().forEach(wanted::add);
      output.output(KV.of(group.getKey(), wanted));
    }
  }

  private static final class ReadRowsFn<T>
      extends DoFn<KV<ParquetTable.RowGroup, List<Wanted>>, KV<String, T>> {
    private static final long serialVersionUID = 1L;

    private final Class<T> type;
    private final SerializableFunction<T, String> name;

    ReadRowsFn(Class<T> type, SerializableFunction<T, String> name) {
      this.type = type;
      this.name = name;
    }

    @ProcessElement
    public void read(
        @Element KV<ParquetTable.RowGroup, List<Wanted>> group,
        OutputReceiver<KV<String, T>> output) {
      Map<String, String> wanted = new HashMap<>();
      group.getValue().forEach(row -> wanted.put(row.name(), row.key()));
      try (ParquetTable.Rows<T> rows = ParquetTable.read(type, group.getKey())) {
        for (T row : rows) {
          String key = wanted.get(name.apply(row));
          if (key != null) {
            output.output(KV.of(key, row));
          }
        }
      }
    }
  }
}
