package io.facet.transforms.train;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.models.train.NonFiniteLossException;
import io.facet.models.train.TrainingResult;
import io.facet.models.train.TrainingRun;
import io.facet.models.train.TrainingSetup;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.row.FaceId;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a training that met a number that is not finite leaves behind: {@link #REPORT}. */
public final class TrainingFailure {
  /**
   * JSON: {@code reason}, {@code quantity}, {@code step}, {@code checkpointStep} (-1 without
   * checkpoint), {@code faces} and {@code images} of the step's batches.
   */
  public static final String REPORT = "failure.json";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TrainingFailure() {}

  /** Trains to the end; if that fails on a number, the report is written first. */
  static TrainingResult reporting(TrainingSetup setup, AttemptFolder attempt)
      throws IOException, InterruptedException {
    try {
      return TrainingRun.run(setup);
    } catch (NonFiniteLossException e) {
      attempt.put(REPORT, report(e));
      throw e;
    }
  }

  private static byte[] report(NonFiniteLossException failure) throws IOException {
    List<String> images = failure.faceIds().stream().map(FaceId::imageId).distinct().toList();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("reason", failure.getMessage());
    report.put("quantity", failure.quantity());
    report.put("step", failure.step());
    report.put("checkpointStep", failure.checkpointStep());
    report.put("faces", failure.faceIds());
    report.put("images", images);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(report);
  }
}
