package io.facet.pipelines.overview;

import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.pipelines.html.Figures;
import io.facet.pipelines.html.PageTable;
import io.facet.pipelines.html.Tag;
import io.facet.pipelines.pairs.EvaluatedModel;
import io.facet.pipelines.pairs.FaceCrops;
import io.facet.pipelines.pairs.ImageNames;
import io.facet.pipelines.pairs.PairErrors;
import io.facet.pipelines.pairs.ScoredSet;
import io.facet.pipelines.pairs.Threshold;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.row.ScoreRow;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The pairs that were judged worst: names and scores, and faces if somebody asked for them. */
final class ErrorsSection {
  private static final int QUALITY = 75;
  private static final int MOST_FACES = 800;

  private final ImageNames names;
  private final FaceCrops faces;
  private final Pictures pictures;
  private int shown;

  private ErrorsSection(ImageNames names, FaceCrops faces, Pictures pictures) {
    this.names = names;
    this.faces = faces;
    this.pictures = pictures;
  }

  static List<Tag> of(Findings findings, Pictures pictures) {
    Set<String> images = new HashSet<>();
    Set<String> crops = new HashSet<>();
    for (EvaluatedModel model : findings.drawn()) {
      for (ScoredSet set : model.sets().values()) {
        if (set.hasBothKinds()) {
          for (ScoreRow row : PairErrors.rows(set, set.atEqualError())) {
            images.addAll(List.of(row.leftImageId(), row.rightImageId()));
            crops.addAll(List.of(row.leftFaceId(), row.rightFaceId()));
          }
        }
      }
    }
    ReportedRun run = findings.run();
    ErrorsSection section =
        new ErrorsSection(
            run.artifact(Stages.INGEST)
                .map(ingest -> ImageNames.read(ingest, images))
                .orElseGet(ImageNames::none),
            run.faces()
                .filter(faces -> pictures == Pictures.SHOWN)
                .map(faces -> FaceCrops.read(faces, crops))
                .orElseGet(FaceCrops::none),
            pictures);
    return section.content(findings);
  }

  private List<Tag> content(Findings findings) {
    List<Tag> content = new ArrayList<>();
    content.add(
        Tag.of(
            "p",
            "A false accept is a pair of two people at or above the threshold, a false reject a pair"
                + " of one person below it. Look for mislabelled images among them first."));
    content.add(Tag.of("p", pictures.sentence()).with("class", "quiet"));
    for (String set : findings.sets()) {
      content.add(Tag.of("h3", set));
      for (EvaluatedModel model : findings.drawn()) {
        Optional.ofNullable(model.sets().get(set))
            .filter(ScoredSet::hasBothKinds)
            .ifPresent(scored -> content.add(table(model.name(), scored)));
      }
    }
    return content;
  }

  private Tag table(String model, ScoredSet set) {
    Threshold threshold = set.atEqualError();
    String caption =
        Figures.format(
            "%s on %s, threshold %.4f %s: %,d of %,d different pairs accepted, %,d of %,d same pairs rejected; the worst of each",
            model,
            set.name(),
            threshold.cosine(),
            threshold.rule(),
            threshold.falseAccepts(),
            set.different().total(),
            threshold.falseRejects(),
            set.same().total());
    boolean faces = pictures == Pictures.SHOWN;
    PageTable table =
        faces
            ? new PageTable(
                caption, "error", "faces", "#score", "#pair", "one image", "other image")
            : new PageTable(caption, "error", "#score", "#pair", "one image", "other image");
    for (ScoreRow row : PairErrors.rows(set, threshold)) {
      List<Tag> cells = new ArrayList<>();
      cells.add(Tag.of("span", row.same() ? "false reject" : "false accept"));
      if (faces) {
        Tag both = Tag.of("span");
        face(row.leftFaceId(), "one face").ifPresent(both::add);
        face(row.rightFaceId(), "other face").ifPresent(both::add);
        cells.add(both);
      }
      cells.add(Tag.of("span", Figures.format("%.4f", row.score())));
      cells.add(Tag.of("span", Figures.count(row.position())));
      cells.add(Tag.foreign(names.of(row.set(), row.leftImageId())));
      cells.add(Tag.foreign(names.of(row.set(), row.rightImageId())));
      table.row(cells);
    }
    return table.isEmpty() ? Tag.of("p", caption + ": there is none.") : table.tag();
  }

  private Optional<Tag> face(String faceId, String what) {
    if (shown >= MOST_FACES) {
      return Optional.empty();
    }
    Optional<Pixels> pixels = faces.pixels(faceId);
    shown += pixels.isPresent() ? 1 : 0;
    return pixels.map(
        one ->
            Tag.of("img")
                .with("class", "face")
                .with("alt", what)
                .with(
                    "src",
                    "data:image/jpeg;base64,"
                        + Base64.getEncoder().encodeToString(FaceEncoder.jpeg(one, QUALITY))));
  }
}
