package io.facet.pipelines.cli;

import io.facet.pipelines.report.TextTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;

/** The first rows of Parquet files with any columns. */
final class ParquetPreview {
  private static final int WIDEST = 40;

  private ParquetPreview() {}

  static TextTable of(List<Path> files, int rows) throws IOException {
    TextTable table = null;
    int left = rows;
    for (Path file : files) {
      try (ParquetReader<GenericRecord> reader =
          AvroParquetReader.<GenericRecord>builder(
                  new LocalInputFile(file), new PlainParquetConfiguration())
              .withDataModel(GenericData.get())
              .build()) {
        for (GenericRecord row = reader.read(); row != null && left > 0; row = reader.read()) {
          table = table == null ? header(row.getSchema()) : table;
          table.row(cells(row));
          left--;
        }
      }
    }
    return table == null ? new TextTable("(no rows)") : table;
  }

  private static TextTable header(Schema schema) {
    return new TextTable(
        schema.getFields().stream().map(Schema.Field::name).toArray(String[]::new));
  }

  private static String[] cells(GenericRecord row) {
    return row.getSchema().getFields().stream()
        .map(field -> cell(row.get(field.pos())))
        .toArray(String[]::new);
  }

  private static String cell(Object value) {
    if (value instanceof ByteBuffer bytes) {
      return bytes.remaining() + " bytes";
    }
    if (value instanceof List<?> list) {
      return list.isEmpty() ? "[]" : "[" + cell(list.get(0)) + ", ... " + list.size() + "]";
    }
    if (value instanceof Double || value instanceof Float) {
      return String.format(Locale.ROOT, "%.5g", ((Number) value).doubleValue());
    }
    if (value instanceof GenericRecord record && record.getSchema().getFields().size() == 1) {
      return cell(record.get(0));
    }
    String text = String.valueOf(value);
    return text.length() <= WIDEST ? text : text.substring(0, WIDEST - 3) + "...";
  }
}
