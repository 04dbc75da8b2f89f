package io.facet.models.weights;

import java.util.List;
import java.util.Map;

/**
 * What a warm start took.
 *
 * @param taken weights of the network that now hold the file's values, sorted
 * @param fresh weights that keep their start values, with the reason, sorted
 * @param unused tensors of the file without a place in the network, sorted
 * @param takenShare share of the network's values that were taken, 0 to 1
 */
public record WarmStartReport(
    List<String> taken, Map<String, String> fresh, List<String> unused, double takenShare) {
  /** One line for logs. */
  public String summary() {
    return "%d of %d tensors taken (%.1f %% of the values)%s%s"
        .formatted(
            taken.size(),
            taken.size() + fresh.size(),
            100 * takenShare,
            fresh.isEmpty() ? "" : "; fresh: " + String.join(", ", fresh.keySet()),
            unused.isEmpty() ? "" : "; unused: " + String.join(", ", unused));
  }
}
