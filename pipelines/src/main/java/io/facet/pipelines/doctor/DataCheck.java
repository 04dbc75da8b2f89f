package io.facet.pipelines.doctor;

import io.facet.models.DataException;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.stage.SourceSpecs;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How much the sources of a recipe offer.
 *
 * @param recipe whose {@code data} section is looked at
 */
public record DataCheck(Recipe recipe) implements Check {
  @Override
  public String name() {
    return "data";
  }

  @Override
  public String look() throws IOException {
    List<String> found = new ArrayList<>();
    for (SourceSpec spec : SourceSpecs.of(recipe)) {
      SourceListing listing = spec.list();
      if (listing.images() == 0) {
        throw new DataException(spec.label() + ": no images");
      }
      found.add(spec.label() + ": " + offer(spec, listing));
      if (listing.skipped().count() > 0) {
        found.add(listing.skipped().text());
      }
    }
    return String.join("; ", found);
  }

  private static String offer(SourceSpec spec, SourceListing listing) {
    if (listing.isPacked()) {
      return "about %d images in %s"
          .formatted(
              listing.images(),
              listing.files().size() == 1
                  ? listing.files().get(0).uri()
                  : listing.files().size() + " files");
    }
    return spec.isTraining()
        ? "%d images of %s".formatted(listing.images(), people(listing.identities()))
        : "%d images, %d pairs".formatted(listing.images(), listing.pairs().size());
  }

  /** One person in a training set is most often a folder named one level too high. */
  private static String people(Set<String> identities) {
    return identities.size() == 1
        ? "one person only, '%s' (people are the first folders below 'path')"
            .formatted(identities.iterator().next())
        : identities.size() + " people";
  }

  @Override
  public String cure() {
    return "correct the paths in 'data', or say where they begin with --set data.root=FOLDER";
  }
}
