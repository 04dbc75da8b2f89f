package io.facet.pipelines.plan;

import io.facet.models.DataException;
import io.facet.pipelines.FirstNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Images and identities that training and a verification set share: results on such a set would
 * flatter.
 *
 * @param lines one a set and kind of overlap, with names
 */
public record SplitOverlap(List<String> lines) {
  private static final int SHOWN = 5;

  /**
   * What a source offers.
   *
   * @param label of the source or set
   * @param contents image names by content id
   * @param identities people; empty if unknown
   */
  public record Offer(String label, Map<String, String> contents, Set<String> identities) {}

  /** Compares every training source with every verification set. */
  public static SplitOverlap between(List<Offer> training, List<Offer> verification) {
    List<String> lines = new ArrayList<>();
    for (Offer set : verification) {
      for (Offer source : training) {
        Set<String> images = new TreeSet<>();
        set.contents()
            .forEach(
                (content, name) ->
                    Optional.ofNullable(source.contents().get(content))
                        .ifPresent(
                            twin -> images.add(twin.equals(name) ? name : name + " = " + twin)));
        line(lines, set, source, images, "image", "images");
        Set<String> people = new TreeSet<>(set.identities());
        people.retainAll(source.identities());
        line(lines, set, source, people, "identity", "identities");
      }
    }
    return new SplitOverlap(List.copyOf(lines));
  }

  /**
   * Refuses an overlap.
   *
   * @throws DataException naming sets, images and identities
   */
  public void refuse() {
    if (!lines.isEmpty()) {
      throw new DataException(
          String.join("; ", lines) + "; remove them from one side, or set data.overlap: report");
    }
  }

  private static void line(
      List<String> lines, Offer set, Offer source, Set<String> shared, String one, String many) {
    if (!shared.isEmpty()) {
      lines.add(
          "verification set '%s' shares %d %s with training source '%s': %s"
              .formatted(
                  set.label(),
                  shared.size(),
                  shared.size() == 1 ? one : many,
                  source.label(),
                  FirstNames.of(shared, SHOWN)));
    }
  }
}
