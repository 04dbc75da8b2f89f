package io.facet.transforms.train;

import io.facet.models.DataException;
import io.facet.models.backbone.Backbone;
import io.facet.models.format.TensorFile;
import io.facet.models.weights.ForeignWeights;
import io.facet.models.weights.ModelFile;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.unit.Unit;
import java.io.IOException;

/** Checks a weights file against its network and leaves it as a model file. */
public final class ImportUnit implements Unit<ImportJob> {
  @Override
  public Class<ImportJob> jobType() {
    return ImportJob.class;
  }

  @Override
  public void run(ImportJob job, AttemptFolder attempt) throws IOException {
    byte[] bytes = ImportedFile.read(job.weights(), job.name(), job.sha256());
    TensorFile file = StoredWeights.read(job.weights());
    ModelFile model =
        ModelFile.isModel(file)
            ? own(job, bytes)
            : ForeignWeights.model(
                file, job.weights(), job.backbone(), job.preprocessing(), job.naming());
    if (job.classifier().isPresent()) {
      int width = Backbone.create(job.backbone()).embeddingSize();
      model = model.withClassifier(job.classifier().get().read(width));
    }
    attempt.put(
        NetworkTraining.MODEL, model.withNote(TeacherFiles.IMPORTED, Sha256.hex(bytes)).bytes());
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
}
