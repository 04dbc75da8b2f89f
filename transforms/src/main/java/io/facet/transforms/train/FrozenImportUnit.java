package io.facet.transforms.train;

import io.facet.models.DataException;
import io.facet.models.embed.Embedder;
import io.facet.models.embed.FrozenModel;
import io.facet.models.face.Preprocessing;
import io.facet.models.onnx.OnnxProgram;
import io.facet.models.weights.ClassWeights;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.unit.Unit;
import java.io.IOException;
import java.util.Optional;

/** Loads a finished program once and leaves it, with its preprocessing, as {@link #MODEL}. */
public final class FrozenImportUnit implements Unit<FrozenImportJob> {
  /** Name of the frozen model among an artifact's attachments. */
  public static final String MODEL = "model.frozen";

  @Override
  public Class<FrozenImportJob> jobType() {
    return FrozenImportJob.class;
  }

  @Override
  public void run(FrozenImportJob job, AttemptFolder attempt) throws IOException {
    byte[] program = program(job);
    Preprocessing preprocessing =
        job.preprocessing()
            .or(() -> FrozenModel.statedBy(job.kind(), program, job.program()))
            .orElse(Preprocessing.STANDARD);
    Optional<ClassWeights> classifier =
        job.classifier().isPresent()
            ? Optional.of(job.classifier().get().read(job.embedding()))
            : Optional.empty();
    FrozenModel model = new FrozenModel(job.kind(), preprocessing, program, classifier);
    try (Embedder embedder = model.open(job.program(), 1, 1)) {
      if (embedder.embeddingSize() != job.embedding()) {
        throw new DataException(
            "%s gives embeddings of %d numbers, the recipe says %d; correct embedding of teacher '%s'"
                .formatted(job.program(), embedder.embeddingSize(), job.embedding(), job.name()));
      }
    }
    attempt.put(MODEL, model.bytes());
  }

  /** The file, made to stand alone and to have one output if it is ONNX. */
  private static byte[] program(FrozenImportJob job) throws IOException {
    byte[] file = ImportedFile.read(job.program(), job.name(), job.sha256());
    if (job.kind() != FrozenModel.Kind.ONNX) {
      return file;
    }
    byte[] whole =
        OnnxProgram.whole(
            file,
            job.program(),
            name -> StoredFiles.read(StoredFiles.sibling(job.program(), name)));
    return job.output()
        .map(output -> OnnxProgram.withOutput(whole, job.program(), output))
        .orElse(whole);
  }
}
