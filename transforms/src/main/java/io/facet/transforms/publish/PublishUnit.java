package io.facet.transforms.publish;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.models.DataException;
import io.facet.models.embed.Embedder;
import io.facet.models.embed.NetworkEmbedder;
import io.facet.models.embed.OnnxEmbedder;
import io.facet.models.embed.OnnxExport;
import io.facet.models.embed.OnnxVariant;
import io.facet.models.face.Pixels;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.models.weights.ModelFile;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.embed.EmbedFaces;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.FaceCrop;
import io.facet.transforms.row.FaceName;
import io.facet.transforms.unit.Unit;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Exports a model to ONNX and compares both on real faces. An export that differs is refused: it
 * never leaves the attempt folder. A network that has no ONNX form is published as it is.
 */
public final class PublishUnit implements Unit<PublishJob> {
  /** The ONNX file. */
  public static final String ONNX = "student.onnx";

  /** The model file, unchanged. */
  public static final String MODEL = "student.safetensors";

  /** What was compared, as JSON. */
  public static final String PARITY = "parity.json";

  private static final int BATCH = 8;

  @Override
  public Class<PublishJob> jobType() {
    return PublishJob.class;
  }

  @Override
  public void run(PublishJob job, AttemptFolder attempt) throws IOException {
    byte[] modelBytes = StoredFiles.read(job.model());
    ModelFile model = ModelFile.read(modelBytes, job.model());
    if (!OnnxExport.canExport(model)) {
      attempt.put(MODEL, modelBytes);
      return;
    }
    byte[] onnx = OnnxVariant.folded(model, job.model());
    List<Pixels> crops = crops(job);
    double distance = distance(job, model, onnx, crops);
    attempt.put(MODEL, modelBytes);
    attempt.put(ONNX, onnx);
    attempt.put(PARITY, report(job, crops.size(), distance));
  }

  /** The same faces every time: those with the smallest ids. */
  private static List<Pixels> crops(PublishJob job) {
    TreeSet<String> chosen = new TreeSet<>();
    try (ParquetTable.Rows<FaceName> faces =
        ParquetTable.read(FaceName.class, job.faces().faces())) {
      for (FaceName face : faces) {
        chosen.add(face.faceId());
        if (chosen.size() > job.parityFaces()) {
          chosen.pollLast();
        }
      }
    }
    Map<String, FaceCrop> read = new TreeMap<>();
    job.faces()
        .read(
            face -> chosen.contains(face.faceId()), (face, crop) -> read.put(face.faceId(), crop));
    List<Pixels> crops = EmbedFaces.decode(List.copyOf(read.values()));
    if (crops.isEmpty()) {
      throw new DataException("no face to check the export of '" + job.name() + "' with");
    }
    return crops;
  }

  private static double distance(PublishJob job, ModelFile model, byte[] onnx, List<Pixels> crops) {
    try (Embedder ours = NetworkEmbedder.open(model, BATCH);
        Embedder exported = OnnxEmbedder.open(onnx, ONNX, Optional.empty(), BATCH, 1)) {
      float[][] left = ours.embed(crops);
      float[][] right = exported.embed(crops);
      double largest = 0;
      for (int i = 0; i < left.length; i++) {
        largest = Math.max(largest, 1 - EmbeddingMath.cosine(left[i], right[i]));
      }
      if (!(largest <= job.parity())) {
        throw new DataException(
            "the ONNX export of '%s' differs from the model by a cosine distance of %.3g (limit %.3g, publish.parity)"
                .formatted(job.name(), largest, job.parity()));
      }
      return largest;
    }
  }

  private static byte[] report(PublishJob job, int faces, double distance) throws IOException {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("model", job.name());
    report.put("faces", faces);
    report.put("largestCosineDistance", distance);
    report.put("limit", job.parity());
    return JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsBytes(report);
  }
}
