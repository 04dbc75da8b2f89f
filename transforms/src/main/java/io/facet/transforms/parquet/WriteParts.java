package io.facet.transforms.parquet;

import io.facet.transforms.row.RowType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the rows of a bundle where they are, so that no row moves between workers: a file for each
 * partition, and a further one whenever one has become long enough. On Flink a bundle is all that a
 * slot gets, so a table has about as many files as writers, or as its size asks for.
 */
final class WriteParts<T> extends PTransform<PCollection<KV<String, T>>, PCollection<TablePart>> {
  private static final long serialVersionUID = 1L;

  /** Files open at once; each holds a row group in memory. */
  private static final int MOST_OPEN = 8;

  private final Class<T> type;
  private final String table;
  private final String attemptUri;
  private final long partBytes;

  WriteParts(Class<T> type, String table, String attemptUri, long partBytes) {
    this.type = type;
    this.table = table;
    this.attemptUri = attemptUri;
    this.partBytes = partBytes;
  }

  @Override
  public PCollection<TablePart> expand(PCollection<KV<String, T>> rows) {
    return rows.apply("Write", ParDo.of(new WriteFn<>(type, table, attemptUri, partBytes)));
  }

  private static final class WriteFn<T> extends DoFn<KV<String, T>, TablePart> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(WriteFn.class);

    private final Class<T> type;
    private final String table;
    private final String attemptUri;
    private final long partBytes;
    private transient RowType<T> rowType;

    /** By partition, the one written to last at the end. */
    private transient Map<String, PartFile<T>> open;

    WriteFn(Class<T> type, String table, String attemptUri, long partBytes) {
      this.type = type;
      this.table = table;
      this.attemptUri = attemptUri;
      this.partBytes = partBytes;
    }

    @Setup
    public void setUp() {
      rowType = RowType.of(type);
      open = new LinkedHashMap<>(16, 0.75f, true);
    }

    @ProcessElement
    public void write(@Element KV<String, T> row, OutputReceiver<TablePart> parts)
        throws IOException {
      String partition = row.getKey();
      PartFile<T> part = open.get(partition);
      if (part == null) {
        if (open.size() == MOST_OPEN) {
          Iterator<PartFile<T>> oldest = open.values().iterator();
          parts.output(oldest.next().finish());
          oldest.remove();
        }
        part = PartFile.create(rowType, attemptUri, newFile(partition));
        open.put(partition, part);
      }
      part.add(row.getValue());
      if (part.bytes() >= partBytes) {
        open.remove(partition);
        parts.output(part.finish());
      }
    }

    /** A name of its own: a bundle that is tried again never meets what the first try left. */
    private String newFile(String partition) {
      String name = "part-" + UUID.randomUUID() + ".parquet";
      return table + "/" + (partition.isEmpty() ? "" : partition + "/") + name;
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) throws IOException {
      List<PartFile<T>> last = new ArrayList<>(open.values());
      for (PartFile<T> part : last) {
        context.output(part.finish(), GlobalWindow.INSTANCE.maxTimestamp(), GlobalWindow.INSTANCE);
      }
      open.clear();
    }

    /** After a failure files are open that no summary will name. */
    @Teardown
    public void tearDown() {
      if (open == null) {
        return;
      }
      for (PartFile<T> part : open.values()) {
        try {
          part.close();
        } catch (IOException | RuntimeException e) { // most likely the failure once more
          LOG.debug("a part of table {} cannot be closed: {}", table, e.toString());
        }
      }
      open.clear();
    }
  }
}
