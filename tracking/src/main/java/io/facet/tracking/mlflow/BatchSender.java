package io.facet.tracking.mlflow;

import io.facet.tracking.outbox.RefusedList.Refused;
import io.facet.tracking.rest.MlflowFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Sends batches; what MLflow refuses is narrowed down by halving, so that one bad item does not
 * take a thousand good ones with it.
 */
public final class BatchSender {
  /** Longest parameter values of older servers. */
  private static final int[] OLDER_LIMITS = {500, 250};

  private final MlflowApi api;

  public BatchSender(MlflowApi api) {
    this.api = api;
  }

  /** Sends all; answers what was refused. Throws what may succeed later, or a missing run. */
  public List<Refused> send(String uuid, String runId, RunBatch batch)
      throws MlflowFailure, InterruptedException {
    List<Refused> refused = new ArrayList<>();
    for (RunBatch.Part part : batch.parts()) {
      send(uuid, runId, part, refused);
    }
    return refused;
  }

  private void send(String uuid, String runId, RunBatch.Part part, List<Refused> refused)
      throws MlflowFailure, InterruptedException {
    try {
      api.batch(runId, part.points(), part.params(), part.tags());
    } catch (MlflowFailure e) {
      if (e.kind() != MlflowFailure.Kind.REFUSED) {
        throw e;
      }
      if (!api.writable(runId)) {
        refused.add(new Refused(uuid, part.size() + " items", "the run was deleted in MLflow"));
      } else if (part.size() > 1) {
        for (RunBatch.Part half : part.halves()) {
          send(uuid, runId, half, refused);
        }
      } else if (!sentShorter(runId, part)) {
        refused.add(new Refused(uuid, name(part), e.getMessage()));
      }
    }
  }

  private boolean sentShorter(String runId, RunBatch.Part part)
      throws MlflowFailure, InterruptedException {
    for (Map.Entry<String, String> param : part.params()) {
      for (int limit : OLDER_LIMITS) {
        if (param.getValue().length() > limit) {
          String cut = param.getValue().substring(0, limit - 2) + " …";
          try {
            api.batch(runId, List.of(), List.of(Map.entry(param.getKey(), cut)), List.of());
            return true;
          } catch (MlflowFailure e) {
            if (e.kind() != MlflowFailure.Kind.REFUSED) {
              throw e;
            }
          }
        }
      }
    }
    return false;
  }

  private static String name(RunBatch.Part part) {
    if (!part.points().isEmpty()) {
      return "metric " + part.points().get(0).key();
    }
    if (!part.params().isEmpty()) {
      return "param " + part.params().get(0).getKey();
    }
    return "tag " + part.tags().get(0).getKey();
  }
}
