package io.facet.pipelines.cli;

import io.facet.pipelines.stage.Libraries;
import java.util.Map;
import picocli.CommandLine.IVersionProvider;

/** Versions of Facet and of what it computes with. */
final class FacetVersion implements IVersionProvider {
  @Override
  public String[] getVersion() {
    Map<String, String> versions = Libraries.versions();
    return new String[] {
      "facet " + versions.get("facet"),
      "pytorch %s, onnxruntime %s, beam %s, flink %s"
          .formatted(
              versions.get("pytorch"),
              versions.get("onnxruntime"),
              versions.get("beam"),
              versions.get("flink"))
    };
  }
}
