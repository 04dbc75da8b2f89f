package io.facet.transforms.train;

import io.facet.models.DataException;
import io.facet.models.weights.ClassWeights;
import io.facet.models.weights.IdentityNames;
import io.facet.models.weights.ModelFile;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.pack.PackIdentities;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.unit.Unit;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Refuses a teacher whose class weights are of other identities than the training set's. */
public final class ClassifierCheckUnit implements Unit<ClassifierCheckJob> {
  @Override
  public Class<ClassifierCheckJob> jobType() {
    return ClassifierCheckJob.class;
  }

  @Override
  public void run(ClassifierCheckJob job, AttemptFolder attempt) throws IOException {
    ModelFile model = ModelFile.read(StoredFiles.read(job.model()), job.model());
    ClassWeights weights =
        model
            .classifier()
            .orElseThrow(
                () ->
                    new DataException(
                        "teacher '%s' has no class weights".formatted(job.teacher())));
    List<String> identities = PackIdentities.read(job.pack(), SampleRow.TRAIN).names();
    Optional<String> mismatch =
        weights.mismatch(identities.size(), Optional.of(IdentityNames.digest(identities)));
    if (mismatch.isPresent()) {
      throw new DataException(
          "%s reads the class weights of teacher '%s', but %s; give the teacher classifier: {path: FILE, names: FILE} with a row for each identity, or train it on these"
              .formatted(job.reader(), job.teacher(), mismatch.get()));
    }
  }
}
