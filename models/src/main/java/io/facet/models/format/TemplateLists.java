package io.facet.models.format;

import io.facet.models.protocol.TemplatePairs;
import java.util.List;
import java.util.Optional;

/**
 * What a template protocol such as IJB-C compares: faces joined to templates, pairs of templates
 * and, for identification, galleries and the probes that are looked for in them.
 *
 * @param faces in the order of their list
 * @param pairs of templates
 * @param galleries each searched by itself, by name; none if only pairs are compared
 * @param probes searched in every gallery; absent if there is no gallery
 */
public record TemplateLists(
    List<Face> faces, TemplatePairs pairs, List<Subjects> galleries, Optional<Subjects> probes) {

  /** Lists that do not change. */
  public TemplateLists {
    faces = List.copyOf(faces);
    galleries = List.copyOf(galleries);
  }

  /**
   * One face of one template. A medium is a still image or a video, of which several frames may be
   * listed.
   *
   * @param name of the image below the image folder
   * @param template it belongs to
   * @param medium it was taken from
   * @param landmarks five points in pixels of the image, x and y in turn
   * @param score of the detector
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Face(String name, int template, int medium, float[] landmarks, float score) {}

  /**
   * Whose templates they are.
   *
   * @param name such as {@code G1} or {@code probe}
   * @param templates each once
   * @param subjects who is on each
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Subjects(String name, int[] templates, int[] subjects) {}
}
