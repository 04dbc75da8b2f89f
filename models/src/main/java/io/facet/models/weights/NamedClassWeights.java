package io.facet.models.weights;

import io.facet.models.DataException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Class weights of a file whose identities are known by name, to be chosen from.
 *
 * @param file the rows come from, for error messages
 * @param names of the identities, in the order of the rows
 * @param width numbers a row
 * @param rows {@code (C, width)} row by row
 */
@SuppressWarnings("ArrayRecordComponent")
public record NamedClassWeights(String file, IdentityNames names, int width, float[] rows) {
  private static final int SHOWN = 3;

  /**
   * The rows of some identities, in their order.
   *
   * @param identities names of a training set's identities in the order of its classes
   * @throws DataException if one has no row, or a row of zeros
   */
  public ClassWeights of(List<String> identities) {
    Map<String, Integer> positions = new HashMap<>();
    for (int row = 0; row < names.names().size(); row++) {
      positions.put(names.names().get(row), row);
    }
    requireAll(identities, positions);
    float[] chosen = new float[identities.size() * width];
    for (int i = 0; i < identities.size(); i++) {
      int row = positions.get(identities.get(i));
      requireDirection(row);
      System.arraycopy(rows, row * width, chosen, i * width, width);
    }
    return new ClassWeights(width, chosen, Optional.of(IdentityNames.digest(identities)));
  }

  private void requireAll(List<String> identities, Map<String, Integer> positions) {
    List<String> missing = new ArrayList<>(identities);
    missing.removeIf(positions::containsKey);
    if (!missing.isEmpty()) {
      throw new DataException(
          "%s has no row for %d of the %d identities of the training set: %s%s (it names '%s' and others); correct classifier.names or classifier.namespace, or leave these people out of data.train"
              .formatted(
                  names.file(),
                  missing.size(),
                  identities.size(),
                  missing.stream()
                      .limit(SHOWN)
                      .map(name -> "'" + name + "'")
                      .collect(Collectors.joining(", ")),
                  missing.size() > SHOWN ? " and others" : "",
                  names.names().get(0)));
    }
  }

  private void requireDirection(int row) {
    for (int i = row * width; i < (row + 1) * width; i++) {
      if (rows[i] != 0) {
        return;
      }
    }
    throw new DataException(
        "%s: row %d ('%s') is zero and gives no direction; use a classifier that was trained on this person"
            .formatted(file, row + 1, names.names().get(row)));
  }
}
