package io.facet.pipelines.forget;

import io.facet.models.option.RecordBinder;
import java.util.List;

/**
 * What is to be forgotten, and where it is: all that going on after a crash needs, since the tables
 * that know names and people are deleted on the way.
 *
 * @param imageIds at least one
 * @param names of these images in their sources
 * @param identities people who are forgotten with all their images; empty for single images
 * @param artifacts fingerprints of the artifacts that hold rows of them
 * @param models fingerprints of what was trained on them
 * @param when ISO time
 */
record Wanted(
    List<String> imageIds,
    List<String> names,
    List<String> identities,
    List<String> artifacts,
    List<String> models,
    String when) {
  Wanted {
    imageIds = List.copyOf(imageIds);
    names = List.copyOf(names);
    identities = List.copyOf(identities);
    artifacts = List.copyOf(artifacts);
    models = List.copyOf(models);
  }

  /** The same with the places where it is. */
  Wanted in(List<String> holders, List<String> trained) {
    return new Wanted(imageIds, names, identities, holders, trained, when);
  }

  String json() {
    return RecordBinder.toJson(this);
  }

  static Wanted parse(String json) {
    return RecordBinder.bindJson(Wanted.class, json);
  }
}
