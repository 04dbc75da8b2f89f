package io.facet.pipelines.forget;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.pipelines.artifact.Artifact;
import io.facet.tracking.outbox.Withdrawal;
import java.nio.file.Path;
import java.util.List;

/**
 * What forgetting deletes, and what is left to a person.
 *
 * @param images how many are forgotten
 * @param artifacts that hold rows of them: deleted, made again by the next run of their recipe
 * @param models trained on them: left as they are, to be trained again
 * @param attempts half-made artifacts and checkpoints that are deleted
 * @param files of the store beside artifacts that are cleaned
 * @param tracked what goes from the outbox
 * @param served files of the MLflow server of this store that are deleted
 * @param byHand places that only a person can clean, a sentence each
 */
public record Outlook(
    int images,
    List<Artifact> artifacts,
    List<Artifact> models,
    List<Path> attempts,
    List<Path> files,
    Withdrawal.Report tracked,
    List<Path> served,
    List<String> byHand) {

  /** As JSON; neither names nor ids of the images are in it. */
  public ObjectNode json() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("images", images);
    add(tree.putArray("artifacts"), artifacts);
    add(tree.putArray("retrain"), models);
    addPaths(tree.putArray("attempts"), attempts);
    ArrayNode outbox = tree.putArray("outbox");
    for (Withdrawal.Found found : tracked.artifacts()) {
      outbox
          .addObject()
          .put("run", found.run())
          .put("path", found.path())
          .put("delivered", found.delivered());
    }
    tree.put("events", tracked.events());
    tree.put("eventsDelivered", tracked.delivered());
    addPaths(tree.putArray("files"), files);
    addPaths(tree.putArray("served"), served);
    byHand.forEach(tree.putArray("byHand")::add);
    return tree;
  }

  private static void addPaths(ArrayNode array, List<Path> paths) {
    paths.forEach(path -> array.add(path.toString()));
  }

  private static void add(ArrayNode array, List<Artifact> artifacts) {
    for (Artifact artifact : artifacts) {
      array
          .addObject()
          .put("instance", artifact.manifest().instance())
          .put("fingerprint", artifact.manifest().fingerprint())
          .put("run", artifact.manifest().originRun());
    }
  }
}
