package io.facet.transforms.publish;

import io.facet.models.embed.FrozenModel;
import io.facet.models.embed.OnnxExport;
import io.facet.models.embed.OnnxVariant;
import io.facet.models.face.Pixels;
import io.facet.models.weights.ModelFile;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.train.FrozenImportUnit;
import io.facet.transforms.unit.Unit;
import java.io.IOException;
import java.util.List;

/**
 * Exports a student in another precision, with the ranges that it learnt or has on faces it was
 * trained on.
 */
public final class ExportUnit implements Unit<ExportJob> {
  /** The ONNX file. */
  public static final String ONNX = PublishUnit.ONNX;

  @Override
  public Class<ExportJob> jobType() {
    return ExportJob.class;
  }

  @Override
  public void run(ExportJob job, AttemptFolder attempt) throws IOException {
    ModelFile model = ModelFile.read(StoredFiles.read(job.model()), job.model());
    OnnxVariant variant = new OnnxVariant(job.precision(), false, false, job.calibration());
    byte[] program = OnnxExport.bytes(model);
    List<Pixels> crops =
        variant.needsCrops(program, job.model())
            ? TrainingCrops.read(job.samples(), job.faces(), job.calibration().images(), job.seed())
            : List.of();
    byte[] onnx = variant.of(program, job.model(), model.preprocessing(), crops);
    attempt.put(ONNX, onnx);
    attempt.put(
        FrozenImportUnit.MODEL,
        new FrozenModel(FrozenModel.Kind.ONNX, model.preprocessing(), onnx).bytes());
  }
}
