package io.facet.pipelines.card;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.face.Preprocessing;
import io.facet.models.face.Preprocessing.ColourOrder;
import io.facet.models.face.Preprocessing.FlipFusion;
import io.facet.transforms.publish.PublishUnit;

/** A few lines of code that use a published student, in the languages that can. */
final class CardUse {
  private static final int CROP = 112;

  private CardUse() {}

  /** Code by language: {@code java}, and {@code python} if there is an ONNX file. */
  static ObjectNode of(Published student) {
    ObjectNode use = JsonNodeFactory.instance.objectNode();
    if (student.onnx().isPresent()) {
      use.put("python", python(student));
    }
    use.put("java", java(student.onnx().isPresent() ? PublishUnit.ONNX : PublishUnit.MODEL));
    return use;
  }

  private static String python(Published student) {
    Preprocessing input = student.model().preprocessing();
    int left = (CROP - input.width()) / 2;
    String columns =
        input.width() == CROP
            ? ""
            : "crop = crop[:, %d:%d]%n".formatted(left, left + input.width());
    String order = input.colourOrder() == ColourOrder.BGR ? "[:, :, ::-1]" : "";
    String mirrored =
        input.flipFusion() == FlipFusion.SUM
            ? "embedding = embedding + model.predict(images[..., ::-1].copy())[\"embedding\"][0]\n"
            : "";
    return """
        import mlflow, numpy as np
        from PIL import Image

        model = mlflow.pyfunc.load_model("models:/%s@%s")
        crop = np.asarray(Image.open("aligned.png").convert("RGB"), np.float64)%s / 255  # 112x112
        %scrop = (crop - %s) / %s
        images = crop.transpose(2, 0, 1)[None].astype(np.float32)  # (1, 3, %d, %d)
        embedding = model.predict(images)["embedding"][0]
        %sembedding = embedding / np.linalg.norm(embedding)  # cosine = one @ other
        """
        .formatted(
            student.registered(),
            student.recipe().publish().alias(),
            order,
            columns,
            input.mean(),
            input.standardDeviation(),
            input.height(),
            input.width(),
            mirrored);
  }

  private static String java(String file) {
    return """
        import io.facet.models.embed.FaceEmbedder;
        import java.nio.file.Path;

        Path model = Path.of("%s");
        Path detector = Path.of("yunet_n_dynamic.onnx");
        try (FaceEmbedder embedder = FaceEmbedder.open(model, detector)) {
          float[] one = embedder.embed(Path.of("a.jpg"));
          float[] other = embedder.embed(Path.of("b.jpg"));
          System.out.println(FaceEmbedder.similarity(one, other));
        }
        """
        .formatted(file);
  }
}
