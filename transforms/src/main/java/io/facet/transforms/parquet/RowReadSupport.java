package io.facet.transforms.parquet;

import io.facet.models.DataException;
import io.facet.transforms.row.RowType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Builds rows straight from Parquet's columns, without boxing arrays. Only the columns of the row
 * type are read: a smaller record is a projection.
 */
final class RowReadSupport<T> extends ReadSupport<T> {
  private final RowType<T> rowType;

  RowReadSupport(RowType<T> rowType) {
    this.rowType = rowType;
  }

  @Override
  public ReadContext init(InitContext context) {
    MessageType file = context.getFileSchema();
    List<Type> wanted = new ArrayList<>();
    for (RowType.Column column : rowType.columns()) {
      if (!file.containsField(column.name())) {
        throw new DataException(
            "it has no column '%s' (its columns: %s)"
                .formatted(
                    column.name(),
                    file.getFields().stream()
                        .map(Type::getName)
                        .collect(Collectors.joining(", "))));
      }
      wanted.add(file.getType(column.name()));
    }
    return new ReadContext(new MessageType(file.getName(), wanted));
  }

  @Override
  public RecordMaterializer<T> prepareForRead(
      Configuration configuration,
      Map<String, String> metadata,
      MessageType fileSchema,
      ReadContext context) {
    return materializer(context.getRequestedSchema());
  }

  @Override
  public RecordMaterializer<T> prepareForRead(
      ParquetConfiguration configuration,
      Map<String, String> metadata,
      MessageType fileSchema,
      ReadContext context) {
    return materializer(context.getRequestedSchema());
  }

  private RecordMaterializer<T> materializer(MessageType schema) {
    Object[] values = new Object[rowType.columns().size()];
    Converter[] converters = new Converter[values.length];
    for (int i = 0; i < values.length; i++) {
      converters[i] = ColumnConverters.of(rowType.columns().get(i), schema.getType(i), values, i);
    }
    return new RowMaterializer<>(rowType, values, converters);
  }

  private static final class RowMaterializer<T> extends RecordMaterializer<T> {
    private final RowType<T> rowType;
    private final Object[] values;
    private final GroupConverter root;

    RowMaterializer(RowType<T> rowType, Object[] values, Converter[] converters) {
      this.rowType = rowType;
      this.values = values;
      this.root =
          new GroupConverter() {
            @Override
            public Converter getConverter(int index) {
              return converters[index];
            }

            @Override
            public void start() {
              Arrays.fill(values, null);
            }

            @Override
            public void end() {}
          };
    }

    @Override
    public T getCurrentRecord() {
      for (int i = 0; i < values.length; i++) {
        if (values[i] == null) {
          throw new DataException(
              "a row has no value in column '%s'".formatted(rowType.columns().get(i).name()));
        }
      }
      return rowType.row(values.clone());
    }

    @Override
    public GroupConverter getRootConverter() {
      return root;
    }
  }
}
