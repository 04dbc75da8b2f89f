package io.facet.pipelines.artifact;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.facet.pipelines.plan.StageInstance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts small artifacts into a store. */
public final class StoredArtifacts {
  private StoredArtifacts() {}

  /** Commits an artifact with one file, and with files of others as its own. */
  public static Artifact commit(
      ArtifactStore store,
      String instance,
      String fingerprint,
      Map<String, String> parents,
      Artifact... shared)
      throws IOException {
    String stage = StageInstance.stageOf(instance);
    Attempt attempt = store.begin(stage, fingerprint);
    attempt.folder().put("out.txt", fingerprint.getBytes(StandardCharsets.UTF_8));
    List<Manifest.Attachment> files = new ArrayList<>();
    files.add(new Manifest.Attachment("out.txt", store.describe(attempt.folder().uri("out.txt"))));
    for (Artifact other : shared) {
      files.add(
          new Manifest.Attachment(
              other.manifest().stage() + ".txt", other.manifest().attachments().get(0).file()));
    }
    return store.commit(
        attempt,
        new Manifest(
            Manifest.FORMAT,
            stage,
            instance,
            fingerprint,
            Map.of(),
            parents,
            JsonNodeFactory.instance.objectNode(),
            List.of(),
            files,
            Map.of(),
            "unknown",
            1,
            Map.of(),
            Map.of(),
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:01:00Z",
            "run"));
  }
}
