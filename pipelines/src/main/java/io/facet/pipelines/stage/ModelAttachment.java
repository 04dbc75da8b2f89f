package io.facet.pipelines.stage;

import io.facet.pipelines.artifact.Artifact;
import io.facet.transforms.train.FrozenImportUnit;
import io.facet.transforms.train.NetworkTraining;

/** The model an artifact holds: a network's model file, or a frozen model. */
public final class ModelAttachment {
  private ModelAttachment() {}

  /** Its URI. */
  static String uri(Artifact artifact) {
    return artifact.attachmentUri(name(artifact));
  }

  /** Its bytes. */
  public static byte[] bytes(Artifact artifact) {
    return artifact.attachment(name(artifact));
  }

  private static String name(Artifact artifact) {
    return artifact.manifest().attachment(FrozenImportUnit.MODEL).isPresent()
        ? FrozenImportUnit.MODEL
        : NetworkTraining.MODEL;
  }
}
