package io.facet.transforms.train;

import io.facet.models.DataException;
import io.facet.models.backbone.Backbone;
import io.facet.models.format.TensorFile;
import io.facet.models.weights.ModelFile;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.unit.Unit;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Checks a weights file against its network and leaves it as a model file. */
public final class ImportUnit implements Unit<ImportJob> {
  @Override
  public Class<ImportJob> jobType() {
    return ImportJob.class;
  }

  @Override
  public void run(ImportJob job, AttemptFolder attempt) throws IOException {
    byte[] bytes = bytes(job);
    TensorFile file = StoredWeights.read(job.weights());
    ModelFile model = ModelFile.isModel(file) ? own(job, bytes) : foreign(job, file);
    attempt.put(NetworkTraining.MODEL, model.withNote("importedFrom", digest(bytes)).bytes());
  }

  private static byte[] bytes(ImportJob job) throws IOException {
    byte[] bytes;
    try {
      bytes = StoredFiles.read(job.weights());
    } catch (FileNotFoundException e) {
      throw new DataException(
          "%s: weights of '%s' not found; correct the path or data.root"
              .formatted(job.weights(), job.name()),
          e);
    }
    String digest = digest(bytes);
    if (!job.sha256().isEmpty() && !job.sha256().equalsIgnoreCase(digest)) {
      throw new DataException(
          "%s: SHA-256 is %s, the recipe expects %s; get the right file or correct the recipe"
              .formatted(job.weights(), digest, job.sha256()));
    }
    return bytes;
  }

  private static ModelFile own(ImportJob job, byte[] bytes) {
    ModelFile model = ModelFile.read(bytes, job.weights());
    if (!model.backbone().equals(job.backbone())) {
      throw new DataException(
          "%s holds %s %s, the recipe says %s %s"
              .formatted(
                  job.weights(),
                  model.backbone().key(),
                  model.backbone().json(),
                  job.backbone().key(),
                  job.backbone().json()));
    }
    return model;
  }

  /** Every weight of the network must come from the file: a teacher is not guessed. */
  private static ModelFile foreign(ImportJob job, TensorFile file) {
    StoredWeights.Start start =
        StoredWeights.into(Backbone.create(job.backbone()), file, job.weights(), job.naming(), 0);
    Map<String, String> fresh = start.report().fresh();
    if (!fresh.isEmpty()) {
      Map.Entry<String, String> first = fresh.entrySet().iterator().next();
      throw new DataException(
          "%s does not fill the network %s %s: %d tensors are missing or of another shape, such as '%s' (%s); correct teachers.backbone or naming"
              .formatted(
                  job.weights(),
                  job.backbone().key(),
                  job.backbone().json(),
                  fresh.size(),
                  first.getKey(),
                  first.getValue()));
    }
    return new ModelFile(
        job.backbone(), job.preprocessing(), start.values(), Optional.empty(), Map.of());
  }

  private static String digest(byte[] bytes) {
    return Sha256.hex(bytes);
  }
}
