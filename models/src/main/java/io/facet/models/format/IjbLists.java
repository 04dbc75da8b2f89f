package io.facet.models.format;

import io.facet.models.DataException;
import io.facet.models.protocol.IntPlaces;
import io.facet.models.protocol.TemplatePairs;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The lists of IJB-B and IJB-C as InsightFace has them, blanks between fields:
 *
 * <pre>
 * *_face_tid_mid.txt         IMAGE TEMPLATE MEDIUM
 * *_name_5pts_score.txt      IMAGE X1 Y1 ... X5 Y5 SCORE, line by line the same images
 * *_template_pair_label.txt  TEMPLATE TEMPLATE 0 or 1
 * *_1N_gallery_*.csv, *_1N_probe_mixed.csv   a header, then TEMPLATE,SUBJECT,...
 * </pre>
 *
 * <p>Every error is a {@link DataException} that names file and line.
 */
public final class IjbLists {
  private static final int COORDINATES = 10;

  private IjbLists() {}

  /** An opened list and its name, for messages. */
  public record Opened(InputStream in, String origin) {}

  /**
   * The faces of the two lists that name them.
   *
   * @param templates {@code *_face_tid_mid.txt}
   * @param landmarks {@code *_name_5pts_score.txt}
   * @throws DataException if a line is malformed, the lists differ in length or in an image, or one
   *     image has two sets of landmarks
   */
  public static List<TemplateLists.Face> faces(Opened templates, Opened landmarks)
      throws IOException {
    NumberLines ids = new NumberLines(templates.in(), templates.origin());
    NumberLines points = new NumberLines(landmarks.in(), landmarks.origin());
    List<TemplateLists.Face> faces = new ArrayList<>();
    Map<String, float[]> known = new LinkedHashMap<>();
    while (ids.nextLine()) {
      if (!points.nextLine()) {
        throw shorter(landmarks, templates, faces.size());
      }
      String name = ids.word("image");
      int template = ids.integer("template");
      int medium = ids.integer("medium");
      ids.end();
      String again = points.word("image");
      if (!again.equals(name)) {
        throw new DataException(
            "%s: image '%s', but %s has '%s'; the two lists must name the same images in one order"
                .formatted(points.where(), again, ids.where(), name));
      }
      float[] five = new float[COORDINATES];
      for (int i = 0; i < COORDINATES; i++) {
        five[i] = points.decimal("coordinate");
      }
      float score = points.decimal("detector score");
      points.end();
      float[] before = known.putIfAbsent(name, five);
      if (before != null && !Arrays.equals(before, five)) {
        throw new DataException(
            "%s: image '%s' has other landmarks than before; give the two faces images of their own"
                .formatted(points.where(), name));
      }
      faces.add(
          new TemplateLists.Face(name, template, medium, before == null ? five : before, score));
    }
    if (points.nextLine()) {
      throw shorter(templates, landmarks, faces.size());
    }
    if (faces.isEmpty()) {
      throw new DataException(templates.origin() + ": names no face");
    }
    return faces;
  }

  private static DataException shorter(Opened list, Opened other, int lines) {
    return new DataException(
        "%s: ends after %d faces, %s goes on; the two lists must name the same images"
            .formatted(list.origin(), lines, other.origin()));
  }

  /**
   * The pairs.
   *
   * @param known templates that have faces
   * @throws DataException if a line is malformed, or names a template without a face
   */
  public static TemplatePairs pairs(Opened list, IntPlaces known) throws IOException {
    NumberLines lines = new NumberLines(list.in(), list.origin());
    TemplatePairs.Builder pairs = new TemplatePairs.Builder();
    while (lines.nextLine()) {
      int left = template(lines, known);
      int right = template(lines, known);
      int label = lines.integer("label");
      if (label != 0 && label != 1) {
        throw new DataException(
            "%s: the label %d is neither 0 nor 1".formatted(lines.where(), label));
      }
      lines.end();
      pairs.add(left, right, label == 1);
    }
    return pairs.build();
  }

  private static int template(NumberLines lines, IntPlaces known) throws IOException {
    int template = lines.integer("template");
    requireKnown(template, known, lines::where);
    return template;
  }

  private static void requireKnown(int template, IntPlaces known, Supplier<String> where) {
    if (known.place(template) < 0) {
      throw new DataException(
          "%s: template %d has no face in the list of faces; the lists do not belong together"
              .formatted(where.get(), template));
    }
  }

  /**
   * A gallery or the probes; of several lines of one template, one an image, the first counts.
   *
   * @param name in the result
   * @param text of the file
   * @param known as in {@link #pairs}
   * @throws DataException if a line is malformed, names a template without a face, or gives one a
   *     second subject
   */
  public static TemplateLists.Subjects subjects(
      String name, String text, String origin, IntPlaces known) {
    List<String> lines = text.lines().toList();
    List<String> header =
        lines.isEmpty()
            ? List.of()
            : Arrays.stream(lines.get(0).toLowerCase(Locale.ROOT).split(",", -1))
                .map(String::strip)
                .toList();
    int template = Math.max(header.indexOf("template_id"), 0);
    int subject = header.indexOf("subject_id") < 0 ? 1 : header.indexOf("subject_id");
    Map<Integer, Integer> subjects = new LinkedHashMap<>();
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      String where = "%s, line %d".formatted(origin, i + 1);
      String[] fields = lines.get(i).split(",", -1);
      int one = number(fields, template, "template", where);
      requireKnown(one, known, () -> where);
      int who = number(fields, subject, "subject", where);
      Integer before = subjects.putIfAbsent(one, who);
      if (before != null && before != who) {
        throw new DataException(
            "%s: template %d is subject %d, but was %d before".formatted(where, one, who, before));
      }
    }
    if (subjects.isEmpty()) {
      throw new DataException(origin + ": names no template below its header");
    }
    return new TemplateLists.Subjects(
        name,
        subjects.keySet().stream().mapToInt(Integer::intValue).toArray(),
        subjects.values().stream().mapToInt(Integer::intValue).toArray());
  }

  private static int number(String[] fields, int column, String field, String where) {
    String text = column < fields.length ? fields[column].strip() : "";
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new DataException(
          "%s: the %s '%s' is not a whole number".formatted(where, field, text), e);
    }
  }

  /** The templates that have faces. */
  public static IntPlaces templates(List<TemplateLists.Face> faces) {
    return IntPlaces.of(faces.stream().mapToInt(TemplateLists.Face::template).toArray());
  }

  /**
   * The whole.
   *
   * @throws DataException if a subject is twice in a gallery
   */
  public static TemplateLists of(
      List<TemplateLists.Face> faces,
      TemplatePairs pairs,
      List<TemplateLists.Subjects> galleries,
      Optional<TemplateLists.Subjects> probes) {
    for (TemplateLists.Subjects gallery : galleries) {
      Map<Integer, Integer> places = new LinkedHashMap<>();
      for (int i = 0; i < gallery.subjects().length; i++) {
        Integer before = places.putIfAbsent(gallery.subjects()[i], gallery.templates()[i]);
        if (before != null) {
          throw new DataException(
              "gallery %s: templates %d and %d are both of subject %d; join them to one"
                  .formatted(
                      gallery.name(), before, gallery.templates()[i], gallery.subjects()[i]));
        }
      }
    }
    return new TemplateLists(faces, pairs, galleries, probes);
  }
}
