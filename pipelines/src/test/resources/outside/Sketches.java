package org.example.faces;

import io.facet.models.face.synthetic.Photograph;
import io.facet.models.face.synthetic.SyntheticFaces;
import io.facet.models.face.synthetic.SyntheticOptions;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.source.ContentHashes;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SourceImage;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSample;
import java.util.ArrayList;
import java.util.List;

/** Faces that another project draws itself: no files, and landmarks that it knows. */
@Named(key = "sketches", version = 1, summary = "Sketches of people who do not exist.")
public final class Sketches implements FaceSource<Sketches.Options> {
  /**
   * Options of the drawing.
   *
   * @param people that are drawn
   * @param shots of each of them
   */
  public record Options(
      @Description(value = "Number of people.", range = "[2, 1000]") int people,
      @Description(value = "Sketches of each.", range = "[1, 100]", defaultValue = "4")
          int shots) {}

  @Override
  public Options relativeTo(Options options, String root) {
    return options;
  }

  @Override
  public SourceListing list(Options options) {
    List<SourceSample> samples = new ArrayList<>();
    for (int person = 0; person < options.people(); person++) {
      for (int shot = 0; shot < options.shots(); shot++) {
        String name = "%03d/%02d.jpg".formatted(person, shot);
        String identity = "sketched/%03d".formatted(person);
        samples.add(new SourceSample(name, identity, "", 100L * person + shot, "", new float[0]));
      }
    }
    return new SourceListing(samples, List.of());
  }

  @Override
  public Images open(Options options) {
    SyntheticFaces people = new SyntheticFaces(5, SyntheticOptions.STANDARD);
    return sample -> {
      Photograph sketch =
          people.photograph((int) (sample.record() / 100), (int) (sample.record() % 100));
      return new SourceImage(sketch.jpeg(), sketch.landmarks());
    };
  }

  @Override
  public String contentId(Options options, SourceSample sample, ContentHashes hashes) {
    return Sha256.hex("sketches@1/" + sample.name());
  }
}
