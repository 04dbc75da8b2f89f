package io.facet.pipelines.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.artifact.LocalFiles;
import io.facet.transforms.parquet.TableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A look at data as files: Parquet tables, and a summary in JSON. */
public final class DataFiles {
  private DataFiles() {}

  /**
   * Writes {@code sources}, {@code people}, {@code duplicates}, {@code aligned_twice}, {@code
   * unaligned_crops}, {@code colour_order}, {@code label_errors} and {@code shared_people} below a
   * folder, which is there with all of them or not at all.
   *
   * @param folder that is not there yet, or empty
   */
  public static void parquet(DataLook look, Path folder) throws IOException {
    Path parent = folder.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Path part = Files.createTempDirectory(parent, "." + folder.getFileName());
    try {
      table(Rows.SourceCount.class, part, "sources", look.sources());
      table(Rows.PersonCount.class, part, "people", look.people());
      table(Rows.Duplicate.class, part, "duplicates", look.duplicates());
      table(Rows.AlignedTwice.class, part, "aligned_twice", look.alignedTwice());
      table(Rows.UnalignedCrops.class, part, "unaligned_crops", look.unalignedCrops());
      table(Rows.ColourOrder.class, part, "colour_order", look.colourOrder());
      table(Rows.LabelError.class, part, "label_errors", look.labelErrors());
      table(Rows.SharedPerson.class, part, "shared_people", look.sharedPeople());
      Files.deleteIfExists(folder);
      Files.move(part, folder);
    } finally {
      LocalFiles.deleteTree(part);
    }
  }

  private static <T> void table(Class<T> type, Path folder, String name, List<T> rows)
      throws IOException {
    TableFile.write(type, folder.toString(), name, rows);
  }

  /** The summary: counts and shares, and the rows of all tables but {@code people}. */
  public static ObjectNode json(DataLook look) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("samples", look.samples());
    add(tree, "sources", look.sources());
    ObjectNode histogram = tree.putObject("imagesPerPerson");
    look.histogram().forEach(histogram::put);
    ObjectNode rejects = tree.putObject("rejects");
    look.rejects().forEach(rejects::put);
    ObjectNode shares = tree.putObject("shares");
    look.shares().forEach(shares::put);
    tree.put("teacher", look.teacher());
    tree.put("judged", look.judged());
    if (!Double.isNaN(look.usual())) {
      tree.put("usualCosine", look.usual());
    }
    add(tree, "duplicates", look.duplicates());
    add(tree, "alignedTwice", look.alignedTwice());
    add(tree, "unalignedCrops", look.unalignedCrops());
    if (!look.cropsUnseen().isEmpty()) {
      tree.put("cropsUnseen", look.cropsUnseen());
    }
    add(tree, "colourOrder", look.colourOrder());
    add(tree, "labelErrors", look.labelErrors());
    add(tree, "sharedPeople", look.sharedPeople());
    return tree;
  }

  private static void add(ObjectNode tree, String name, List<? extends Record> rows) {
    ArrayNode array = tree.putArray(name);
    rows.forEach(row -> array.add(RecordBinder.toTree(row)));
  }
}
