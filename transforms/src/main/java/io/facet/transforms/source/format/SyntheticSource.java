package io.facet.transforms.source.format;

import com.google.auto.service.AutoService;
import io.facet.models.face.synthetic.Photograph;
import io.facet.models.face.synthetic.SyntheticFaces;
import io.facet.models.face.synthetic.SyntheticOptions;
import io.facet.models.face.synthetic.SyntheticPair;
import io.facet.models.format.NamedPair;
import io.facet.models.option.CommandLineForm;
import io.facet.models.option.Description;
import io.facet.models.option.Inline;
import io.facet.models.option.Named;
import io.facet.models.option.RecordBinder;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.source.ContentHashes;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SourceImage;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Drawn photographs of people who do not exist, with known landmarks; nothing to download. */
@AutoService(FaceSource.class)
@Named(
    key = "synthetic",
    version = SyntheticFaces.VERSION,
    summary = "Drawn photographs of people who do not exist, with known landmarks.")
@SuppressWarnings("rawtypes") // the service file names the raw type
public final class SyntheticSource implements FaceSource<SyntheticSource.Options> {
  private static final int SHOT_BITS = 24;
  private static final int NAMED_FIRST = 1_000_000;

  /**
   * Options of the drawing.
   *
   * @param population seed of all people
   * @param firstIdentity number of the first person
   * @param identities number of people
   * @param shots photographs of each
   * @param pairs number of verification pairs
   * @param identity whether it is told who is seen
   * @param photographs what they look like
   */
  public record Options(
      @Description(value = "Seed that chooses all people.", defaultValue = "1") long population,
      @Description(
              value =
                  "Number of the first person; training and verification use disjoint ranges (verification sets usually begin at 1000000).",
              range = "[0, 100000000]",
              defaultValue = "0")
          int firstIdentity,
      @Description(value = "Number of people.", range = "[1, 10000000]") int identities,
      @Description(value = "Photographs of each person.", range = "[1, 10000]") int shots,
      @Description(
              value = "Verification pairs to choose, half of them of one person; 0 for training.",
              range = "[0, 10000000]",
              defaultValue = "0")
          int pairs,
      @Description(
              value = "Who is seen: person, or none (unlabelled photographs).",
              defaultValue = "person")
          Identity identity,
      @Inline SyntheticOptions photographs) {}

  /** Whether photographs come with their person. */
  public enum Identity {
    PERSON,
    NONE
  }

  @Override
  public boolean givesLandmarks() {
    return true;
  }

  /** Seed of a hundred people beyond those that recipes draw. */
  @Override
  public Optional<CommandLineForm> commandLineForm() {
    return Optional.of(
        new CommandLineForm(
            "SEED",
            text ->
                Map.of(
                    "population", seed(text),
                    "firstIdentity", NAMED_FIRST,
                    "identities", 100,
                    "shots", 6,
                    "pairs", 600)));
  }

  private static long seed(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("SEED needs a whole number, is '" + text + "'", e);
    }
  }

  @Override
  public Options relativeTo(Options options, String root) {
    return options;
  }

  @Override
  public SourceListing list(Options options) {
    List<SourceSample> samples = new ArrayList<>();
    for (int i = 0; i < options.identities(); i++) {
      int identity = options.firstIdentity() + i;
      for (int shot = 0; shot < options.shots(); shot++) {
        samples.add(
            new SourceSample(
                name(identity, shot),
                options.identity() == Identity.NONE
                    ? ""
                    : "synthetic-" + options.population() + "/" + person(identity),
                "",
                ((long) identity << SHOT_BITS) | shot,
                "",
                new float[0]));
      }
    }
    return new SourceListing(samples, pairs(options));
  }

  private static List<NamedPair> pairs(Options options) {
    if (options.pairs() == 0) {
      return List.of();
    }
    List<NamedPair> pairs = new ArrayList<>();
    for (SyntheticPair pair :
        faces(options)
            .pairs(
                options.firstIdentity(), options.identities(), options.shots(), options.pairs())) {
      pairs.add(
          new NamedPair(
              pairs.size(),
              0,
              name(pair.leftIdentity(), pair.leftShot()),
              name(pair.rightIdentity(), pair.rightShot()),
              pair.same()));
    }
    return pairs;
  }

  @Override
  public Images open(Options options) {
    SyntheticFaces faces = faces(options);
    return sample -> {
      Photograph photograph = faces.photograph(identity(sample), shot(sample));
      return new SourceImage(photograph.jpeg(), photograph.landmarks());
    };
  }

  @Override
  public String contentId(Options options, SourceSample sample, ContentHashes hashes) {
    return Sha256.hex(
        "synthetic@%d/%d/%d/%d/%s"
            .formatted(
                version(),
                options.population(),
                identity(sample),
                shot(sample),
                RecordBinder.toIdentityJson(options.photographs())));
  }

  private static SyntheticFaces faces(Options options) {
    return new SyntheticFaces(options.population(), options.photographs());
  }

  private static int identity(SourceSample sample) {
    return (int) (sample.record() >> SHOT_BITS);
  }

  private static int shot(SourceSample sample) {
    return (int) (sample.record() & ((1 << SHOT_BITS) - 1));
  }

  private static String person(int identity) {
    return String.format(Locale.ROOT, "%08d", identity);
  }

  private static String name(int identity, int shot) {
    return String.format(Locale.ROOT, "%s/%04d.jpg", person(identity), shot);
  }
}
