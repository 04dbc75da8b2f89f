package io.facet.transforms.parquet;

import io.facet.models.DataException;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** The texts in files of any columns; numbers and bytes are not read. */
public final class TextColumns {
  private TextColumns() {}

  /** Looks at one text. */
  @FunctionalInterface
  public interface Text {
    boolean matches(String column, String value);
  }

  /**
   * Whether some text of a file matches; row by row, up to the first that does.
   *
   * @throws DataException if the file cannot be read
   */
  public static boolean any(String uri, Text text) {
    try {
      MessageType schema = texts(uri);
      if (schema.getFieldCount() == 0) {
        return false;
      }
      try (ParquetReader<Group> reader = new Builder(uri, schema).build()) {
        for (Group row = reader.read(); row != null; row = reader.read()) {
          if (matches(row, text)) {
            return true;
          }
        }
        return false;
      }
    } catch (IOException | RuntimeException e) {
      throw new DataException(uri + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static MessageType texts(String uri) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new ChannelInput(uri))) {
      MessageType whole = reader.getFooter().getFileMetaData().getSchema();
      List<Type> texts = whole.getFields().stream().filter(TextColumns::isText).toList();
      return new MessageType(whole.getName(), texts);
    }
  }

  /** A text, or a list of texts. */
  private static boolean isText(Type type) {
    return type.isPrimitive()
        ? type.getLogicalTypeAnnotation() instanceof StringLogicalTypeAnnotation
        : type.asGroupType().getFields().stream().allMatch(TextColumns::isText);
  }

  private static boolean matches(Group group, Text text) {
    for (int field = 0; field < group.getType().getFieldCount(); field++) {
      Type type = group.getType().getType(field);
      for (int i = 0; i < group.getFieldRepetitionCount(field); i++) {
        boolean found =
            type.isPrimitive()
                ? text.matches(type.getName(), group.getString(field, i))
                : matches(group.getGroup(field, i), text);
        if (found) {
          return true;
        }
      }
    }
    return false;
  }

  private static final class Builder extends ParquetReader.Builder<Group> {
    private final MessageType wanted;

    Builder(String uri, MessageType wanted) throws IOException {
      super(new ChannelInput(uri), new PlainParquetConfiguration());
      this.wanted = wanted;
      withCodecFactory(new PageCompression());
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport() {
        @Override
        public ReadContext init(InitContext context) {
          return new ReadContext(wanted);
        }
      };
    }
  }
}
