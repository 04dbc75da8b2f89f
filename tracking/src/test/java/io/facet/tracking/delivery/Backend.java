package io.facet.tracking.delivery;

import java.io.IOException;
import java.util.Map;

/** Something that answers as MLflow does: the model, or a real server. */
interface Backend {
  FakeMlflow.Reply answer(String method, String path, Map<String, String> query, byte[] body)
      throws IOException, InterruptedException;
}
