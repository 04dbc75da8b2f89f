package io.facet.transforms.row;

import io.facet.models.format.TemplateLists;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Table {@code template-subjects}: who is on one template of a gallery, or of the probes.
 *
 * @param set name of the verification set
 * @param gallery its name; empty for the probes
 * @param position in its list, from 0: of equal scores the first counts
 * @param template the template
 * @param subject number of the person
 */
public record TemplateSubjectRow(
    String set, String gallery, int position, int template, int subject) implements Serializable {

  /** All of a set. */
  public static List<TemplateSubjectRow> of(String set, TemplateLists lists) {
    List<TemplateSubjectRow> rows = new ArrayList<>();
    lists.galleries().forEach(gallery -> add(set, gallery.name(), gallery, rows));
    lists.probes().ifPresent(probes -> add(set, "", probes, rows));
    return rows;
  }

  private static void add(
      String set, String gallery, TemplateLists.Subjects subjects, List<TemplateSubjectRow> rows) {
    for (int i = 0; i < subjects.templates().length; i++) {
      rows.add(
          new TemplateSubjectRow(set, gallery, i, subjects.templates()[i], subjects.subjects()[i]));
    }
  }
}
