package io.facet.transforms.pack;

import io.facet.models.DataException;
import io.facet.models.train.data.LongOrder;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.weights.IdentityNames;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.PackRow;
import io.facet.transforms.row.PersonRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The people of one split of a pack and their classes: their places in the order of the names. */
public final class PackIdentities {
  private final List<String> names;
  private final long[] numbers;
  private final int[] classes;

  private PackIdentities(List<String> sorted) {
    names = sorted;
    long[] byClass = sorted.stream().mapToLong(IdentityRow::number).toArray();
    classes = LongOrder.ascending(byClass);
    numbers = Arrays.stream(classes).mapToLong(label -> byClass[label]).toArray();
    for (int i = 1; i < numbers.length; i++) {
      if (numbers[i] == numbers[i - 1]) {
        throw new DataException(
            "identities '%s' and '%s' have one number; rename one of them"
                .formatted(names.get(classes[i - 1]), names.get(classes[i])));
      }
    }
  }

  /** Reads the people of a split. */
  public static PackIdentities read(PackFiles pack, String split) {
    List<String> names = new ArrayList<>();
    try (ParquetTable.Rows<PersonRow> rows = ParquetTable.read(PersonRow.class, pack.people())) {
      for (PersonRow row : rows) {
        if (row.split().equals(split)) {
          names.add(row.identity());
        }
      }
    }
    return new PackIdentities(names.stream().sorted().toList());
  }

  /** Names in the order of the classes. */
  public List<String> names() {
    return names;
  }

  /** See {@link IdentityNames#digest}. */
  String digest() {
    return IdentityNames.digest(names);
  }

  /**
   * The class of a number.
   *
   * @return 0..C-1, or {@link TrainingSet#UNLABELLED}
   * @throws DataException if nobody has it
   */
  int label(long number) {
    if (number == PackRow.UNKNOWN) {
      return TrainingSet.UNLABELLED;
    }
    int found = Arrays.binarySearch(numbers, number);
    if (found < 0) {
      throw new DataException("table people of the pack has nobody of number " + number);
    }
    return classes[found];
  }
}
