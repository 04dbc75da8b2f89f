package io.facet.pipelines.doctor;

import io.facet.models.DataException;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.stage.SourceSpecs;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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
      if (listing.samples().isEmpty()) {
        throw new DataException(spec.label() + ": no pictures");
      }
      found.add(
          spec.isTraining()
              ? "%s: %d pictures of %d people"
                  .formatted(spec.label(), listing.samples().size(), listing.identities().size())
              : "%s: %d pictures, %d pairs"
                  .formatted(spec.label(), listing.samples().size(), listing.pairs().size()));
      if (listing.skipped().count() > 0) {
        found.add(listing.skipped().text());
      }
    }
    return String.join("; ", found);
  }

  @Override
  public String cure() {
    return "correct the paths in 'data', or say where they begin with --set data.root=FOLDER";
  }
}
