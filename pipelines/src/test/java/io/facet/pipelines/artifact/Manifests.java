package io.facet.pipelines.artifact;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Map;

/** Manifests for tests. */
final class Manifests {
  private Manifests() {}

  static Manifest of(String stage, String fingerprint, String run, Manifest.Attachment... files) {
    return new Manifest(
        Manifest.FORMAT,
        stage,
        stage,
        fingerprint,
        Map.of("options.size", "3"),
        Map.of(),
        JsonNodeFactory.instance.objectNode().put("size", 3),
        List.of(),
        List.of(files),
        Map.of("pytorch", "2.7.1"),
        "unknown",
        1,
        Map.of("loss", 0.25),
        Map.of(),
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:01:00Z",
        run);
  }
}
