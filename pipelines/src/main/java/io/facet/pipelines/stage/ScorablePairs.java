package io.facet.pipelines.stage;

import io.facet.models.DataException;
import io.facet.models.format.TemplateLists;
import io.facet.pipelines.FirstNames;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.SourceSpec;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the images that a set's pairs name are there, as far as a listing tells. */
final class ScorablePairs {
  private static final int NAMES = 3;

  private ScorablePairs() {}

  /**
   * Looks for the images of a set of pairs.
   *
   * @return what to tell about pairs that cannot be scored, if there are any
   * @throws DataException if no pair can be scored
   */
  static Optional<String> check(SourceSpec spec, SourceListing listing) {
    boolean verification = !spec.isTraining() && !spec.isValidation();
    if (listing.templates().isPresent()) {
      if (!verification) {
        throw new DataException(
            "'%s': %s compares templates, so it can only be a verification set"
                .formatted(spec.label(), spec.source().key()));
      }
      return templates(spec, listing, listing.templates().get());
    }
    if (spec.isTraining()) {
      return Optional.empty();
    }
    if (listing.pairs().isEmpty()) {
      throw new DataException(
          "'%s' has no pairs, so there is nothing to score; correct its list"
              .formatted(spec.label()));
    }
    Set<String> missing = missing(listing);
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    FirstNames names = FirstNames.of(missing, NAMES);
    long lost =
        listing.pairs().stream()
            .filter(pair -> missing.contains(pair.left()) || missing.contains(pair.right()))
            .count();
    if (lost == listing.pairs().size()) {
      throw new DataException(
          "'%s': none of the %d pairs can be scored, their images are not there: %s; correct 'images' or the list"
              .formatted(spec.label(), lost, names));
    }
    return Optional.of(
        "%s: %d of %d pairs cannot be scored, %d of their images are not there: %s"
            .formatted(spec.label(), lost, listing.pairs().size(), missing.size(), names));
  }

  private static Optional<String> templates(
      SourceSpec spec, SourceListing listing, TemplateLists lists) {
    if (lists.pairs().size() == 0) {
      throw new DataException(
          "'%s' has no pairs of templates, so there is nothing to score; correct its list"
              .formatted(spec.label()));
    }
    Set<String> missing = missing(listing);
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    long lost = lists.faces().stream().filter(face -> missing.contains(face.name())).count();
    FirstNames names = FirstNames.of(missing, NAMES);
    if (lost == lists.faces().size()) {
      throw new DataException(
          "'%s': none of the %d faces is there: %s; correct 'images' or the lists"
              .formatted(spec.label(), lost, names));
    }
    return Optional.of(
        "%s: %d of %d faces of templates are left out, %d of their images are not there: %s"
            .formatted(spec.label(), lost, lists.faces().size(), missing.size(), names));
  }

  private static Set<String> missing(SourceListing listing) {
    return listing.samples().stream()
        .filter(SourceSample::isMissing)
        .map(SourceSample::name)
        .collect(Collectors.toSet());
  }
}
