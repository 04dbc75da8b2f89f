package io.facet.tracking.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.tracking.entity.ModelVersion;
import io.facet.tracking.entity.VersionMark;
import io.facet.tracking.rest.Json;
import io.facet.tracking.rest.MlflowFailure;
import io.facet.tracking.rest.Rest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** MLflow's registered models, their versions, tags and aliases. */
public final class Registry {
  /** The tag that holds our own uuid of a version. */
  public static final String VERSION_TAG = "facet.version";

  private static final int PAGE = 200;

  private final Rest rest;

  /**
   * A version as MLflow knows it.
   *
   * @param version number, from 1
   * @param runId MLflow's id of the run that made it
   * @param source where it was registered from
   * @param description Markdown
   */
  public record Version(
      String model,
      long version,
      String runId,
      String source,
      String description,
      Map<String, String> tags) {}

  Registry(Rest rest) {
    this.rest = rest;
  }

  /**
   * Where the files of a version come from.
   *
   * @param uri address of an artifact, or of a folder of artifacts
   * @param loggedModel MLflow's id of the logged model they belong to, or empty: of the run
   */
  public record Source(String uri, String loggedModel) {
    /** The version's artifact of its run. */
    public static Source of(MlflowApi.RunId run, ModelVersion version) {
      return new Source(run.artifactUri() + "/" + version.artifactPath(), "");
    }
  }

  /**
   * Makes a version from artifacts of a run and moves its aliases to it; makes the model if
   * missing. Done again for the same uuid it changes nothing.
   */
  public Version register(String uuid, MlflowApi.RunId run, ModelVersion wanted, Source source)
      throws MlflowFailure, InterruptedException {
    makeModel(wanted.model());
    Optional<Version> known = ofUuid(wanted.model(), run.id(), uuid);
    if (known.isEmpty()) {
      ObjectNode body =
          Json.object()
              .put("name", wanted.model())
              .put("source", source.uri())
              .put("run_id", run.id())
              .put("description", wanted.description());
      if (!source.loggedModel().isEmpty()) {
        body.put("model_id", source.loggedModel());
      }
      ArrayNode tags = body.putArray("tags");
      tags.addObject().put("key", VERSION_TAG).put("value", uuid);
      wanted.tags().forEach((key, value) -> tags.addObject().put("key", key).put("value", value));
      post("model " + wanted.model(), "model-versions/create", body);
      known = ofUuid(wanted.model(), run.id(), uuid);
    }
    Version version =
        known.orElseThrow(
            () ->
                new MlflowFailure(
                    MlflowFailure.Kind.TROUBLE,
                    "model " + wanted.model() + ": the server lost the version it just made",
                    null));
    for (String alias : wanted.aliases()) {
      alias(wanted.model(), alias, version.version());
    }
    return version;
  }

  /**
   * Sets tags and moves aliases of a version made before. Done again it changes nothing.
   *
   * @throws MlflowFailure of kind {@code REFUSED} if no version has the tag that should tell it
   */
  public void mark(VersionMark mark) throws MlflowFailure, InterruptedException {
    Version version =
        versions(mark.model()).stream()
            .filter(one -> mark.value().equals(one.tags().get(mark.key())))
            .reduce((older, newer) -> newer)
            .orElseThrow(
                () ->
                    new MlflowFailure(
                        MlflowFailure.Kind.REFUSED,
                        "model %s has no version with %s = %s"
                            .formatted(mark.model(), mark.key(), mark.value()),
                        null));
    for (Map.Entry<String, String> tag : mark.tags().entrySet()) {
      tag(mark.model(), version.version(), tag.getKey(), tag.getValue());
    }
    for (String alias : mark.aliases()) {
      alias(mark.model(), alias, version.version());
    }
  }

  /** Moves an alias to a version. */
  public void alias(String model, String alias, long version)
      throws MlflowFailure, InterruptedException {
    ObjectNode body =
        Json.object().put("name", model).put("alias", alias).put("version", Long.toString(version));
    post("alias " + alias + " of model " + model, "registered-models/alias", body);
  }

  /** Sets a tag of a version. */
  public void tag(String model, long version, String key, String value)
      throws MlflowFailure, InterruptedException {
    ObjectNode body =
        Json.object()
            .put("name", model)
            .put("version", Long.toString(version))
            .put("key", key)
            .put("value", value);
    post("tag " + key + " of model " + model, "model-versions/set-tag", body);
  }

  /** The version an alias points to. */
  public Optional<Version> aliased(String model, String alias)
      throws MlflowFailure, InterruptedException {
    String what = "alias " + alias + " of model " + model;
    String query =
        "registered-models/alias?name=" + Json.escape(model) + "&alias=" + Json.escape(alias);
    return found(what, query).map(reply -> version(reply.path("model_version")));
  }

  /** A version by its number. */
  public Optional<Version> version(String model, long number)
      throws MlflowFailure, InterruptedException {
    String what = "version %d of model %s".formatted(number, model);
    return found(what, "model-versions/get?" + versionQuery(model, number))
        .map(reply -> version(reply.path("model_version")));
  }

  /** Where a version's files lie. */
  public String files(Version version) throws MlflowFailure, InterruptedException {
    String what = "version %d of model %s".formatted(version.version(), version.model());
    String query = versionQuery(version.model(), version.version());
    return Json.read(rest.send(Rest.Request.get(what, "model-versions/get-download-uri?" + query)))
        .path("artifact_uri")
        .asText();
  }

  /** Names of all models, in their order. */
  public List<String> models() throws MlflowFailure, InterruptedException {
    List<String> names = new ArrayList<>();
    String token = "";
    do {
      String query =
          "registered-models/search?max_results="
              + PAGE
              + (token.isEmpty() ? "" : "&page_token=" + Json.escape(token));
      JsonNode reply = Json.read(rest.send(Rest.Request.get("registered models", query)));
      reply.path("registered_models").forEach(node -> names.add(node.path("name").asText()));
      token = reply.path("next_page_token").asText("");
    } while (!token.isEmpty());
    Collections.sort(names);
    return names;
  }

  /** The aliases of a model, with the version each points to; empty if there is no such model. */
  public Optional<SortedMap<String, Long>> aliases(String model)
      throws MlflowFailure, InterruptedException {
    return found("model " + model, "registered-models/get?name=" + Json.escape(model))
        .map(
            reply -> {
              SortedMap<String, Long> aliases = new TreeMap<>();
              reply
                  .path("registered_model")
                  .path("aliases")
                  .forEach(
                      node ->
                          aliases.put(node.path("alias").asText(), node.path("version").asLong()));
              return aliases;
            });
  }

  private Optional<JsonNode> found(String what, String query)
      throws MlflowFailure, InterruptedException {
    try {
      return Optional.of(Json.read(rest.send(Rest.Request.get(what, query))));
    } catch (MlflowFailure e) {
      if (e.passing()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static String versionQuery(String model, long number) {
    return "name=" + Json.escape(model) + "&version=" + number;
  }

  /** All versions of a model, the oldest first. */
  public List<Version> versions(String model) throws MlflowFailure, InterruptedException {
    return search("model " + model, "name='" + quote(model) + "'");
  }

  private void makeModel(String model) throws MlflowFailure, InterruptedException {
    try {
      post("model " + model, "registered-models/create", Json.object().put("name", model));
    } catch (MlflowFailure e) {
      if (!String.valueOf(e.getMessage()).contains("RESOURCE_ALREADY_EXISTS")) {
        throw e;
      }
    }
  }

  /** The version with our uuid; should there be several, all but the oldest are deleted. */
  private Optional<Version> ofUuid(String model, String runId, String uuid)
      throws MlflowFailure, InterruptedException {
    List<Version> made =
        search("model " + model, "name='" + quote(model) + "' and run_id='" + quote(runId) + "'")
            .stream()
            .filter(version -> uuid.equals(version.tags().get(VERSION_TAG)))
            .toList();
    for (Version doubled : made.subList(Math.min(1, made.size()), made.size())) {
      String body =
          Json.object()
              .put("name", model)
              .put("version", Long.toString(doubled.version()))
              .toString();
      rest.send(
          new Rest.Request(
              "model " + model,
              "DELETE",
              Rest.Request.API + "model-versions/delete",
              body,
              Optional.empty()));
    }
    return made.stream().findFirst();
  }

  private List<Version> search(String what, String filter)
      throws MlflowFailure, InterruptedException {
    List<Version> found = new ArrayList<>();
    String token = "";
    do {
      String query =
          "model-versions/search?max_results="
              + PAGE
              + "&filter="
              + Json.escape(filter)
              + (token.isEmpty() ? "" : "&page_token=" + Json.escape(token));
      JsonNode reply = Json.read(rest.send(Rest.Request.get(what, query)));
      reply.path("model_versions").forEach(node -> found.add(version(node)));
      token = reply.path("next_page_token").asText("");
    } while (!token.isEmpty());
    found.sort(Comparator.comparingLong(Version::version));
    return found;
  }

  private static Version version(JsonNode node) {
    return new Version(
        node.path("name").asText(),
        node.path("version").asLong(),
        node.path("run_id").asText(),
        node.path("source").asText(),
        node.path("description").asText(),
        Json.keyValues(node.path("tags")));
  }

  private void post(String what, String path, ObjectNode body)
      throws MlflowFailure, InterruptedException {
    rest.send(Rest.Request.post(what, path, body.toString()));
  }

  private static String quote(String text) {
    return text.replace("'", "");
  }
}
