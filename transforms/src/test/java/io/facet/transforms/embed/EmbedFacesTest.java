package io.facet.transforms.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.facet.models.DataException;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.embed.AnyEmbedder;
import io.facet.models.embed.Embedder;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.models.tensor.HalfFloat;
import io.facet.models.tensor.Torch;
import io.facet.models.train.teacher.FeatureType;
import io.facet.models.weights.ModelFile;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.parquet.FacetParquetIO;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.parquet.TableFile;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.EmbeddingRow;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.FeatureRow;
import io.facet.transforms.row.RecordCoder;
import io.facet.transforms.row.TableDigest;
import io.facet.transforms.testing.Digests;
import io.facet.transforms.testing.Pipelines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedFacesTest {
  private static final Selected<Backbone<?>> TINY =
      RecordBinder.select(Backbone.class, "mobilefacenet", "{\"width\":0.125,\"embedding\":8}");
  private static final int FACES = 40;

  @TempDir private static Path folder;
  private static String modelUri;
  private static List<FaceRow> faces;
  private static List<Pixels> crops;

  @BeforeAll
  static void prepare() {
    modelUri = folder.resolve("student.safetensors").toString();
    try (NDManager manager = Torch.newManager();
        Network network = Backbone.create(TINY)) {
      network.initialise(manager, 5);
      ModelFile.of(TINY, Preprocessing.STANDARD, network).write(Path.of(modelUri));
    }
    Random random = new Random(2);
    faces = new ArrayList<>();
    crops = new ArrayList<>();
    for (int i = 0; i < FACES; i++) {
      byte[] bgr = new byte[112 * 112 * 3];
      random.nextBytes(bgr);
      Pixels crop = new Pixels(112, 112, bgr);
      byte[] png = FaceEncoder.png(crop);
      String imageId = Sha256.hex(png);
      crops.add(crop);
      faces.add(
          new FaceRow(
              FaceId.of(imageId, 0, "0123456789ab"),
              imageId,
              0,
              png,
              "png",
              new float[10],
              new float[6],
              1,
              40,
              1));
    }
  }

  private static PCollection<FaceRow> faces(Pipeline pipeline, List<FaceRow> rows) {
    return pipeline.apply(Create.of(rows).withCoder(RecordCoder.of(FaceRow.class)));
  }

  /** What the network gives one crop at a time. */
  private static Map<String, float[]> expected() throws IOException {
    Map<String, float[]> expected = new HashMap<>();
    try (Embedder embedder = AnyEmbedder.open(StoredFiles.read(modelUri), modelUri, 32, 1)) {
      for (int i = 0; i < FACES; i++) {
        expected.put(
            faces.get(i).faceId(),
            EmbeddingMath.normalise(embedder.embed(List.of(crops.get(i)))[0]));
      }
    }
    return expected;
  }

  @Test
  void embeddingsAreThoseOfThePlainEmbedder() throws IOException {
    Map<String, float[]> expected = expected();
    Pipelines.run(
        pipeline ->
            PAssert.that(faces(pipeline, faces).apply(EmbedFaces.with("student", modelUri, FACES)))
                .satisfies(
                    rows -> {
                      assertThat(rows).hasSize(FACES);
                      for (EmbeddingRow row : rows) {
                        assertThat(row.model()).isEqualTo("student");
                        assertThat(row.values()).containsExactly(expected.get(row.faceId()));
                      }
                      return null;
                    }));
  }

  @Test
  void flipFusionAddsTheMirrorImageWhateverTheModelSays() throws IOException {
    Map<String, float[]> expected = new HashMap<>();
    try (Embedder embedder = AnyEmbedder.open(StoredFiles.read(modelUri), modelUri, 32, 1)) {
      for (int i = 0; i < 3; i++) {
        float[][] views = embedder.embed(List.of(crops.get(i), crops.get(i).mirrored()));
        expected.put(faces.get(i).faceId(), EmbeddingMath.fuse(views[0], views[1]));
      }
    }
    Pipelines.run(
        pipeline ->
            PAssert.that(
                    faces(pipeline, faces.subList(0, 3))
                        .apply(
                            EmbedFaces.with("student", modelUri, 3)
                                .with(Preprocessing.FlipFusion.SUM)))
                .satisfies(
                    rows -> {
                      assertThat(rows).hasSize(3);
                      for (EmbeddingRow row : rows) {
                        assertThat(row.values())
                            .containsExactly(expected.get(row.faceId()), within(1e-5f));
                      }
                      return null;
                    }));
  }

  @Test
  void bitsRepeatWhateverTheOrderAndDivision() throws IOException {
    List<EmbeddingRow> plain = new ArrayList<>();
    expected().forEach((face, values) -> plain.add(new EmbeddingRow("student", face, values)));
    TableDigest digest = TableDigest.of(EmbeddingRow.class, plain);
    List<FaceRow> shuffled = new ArrayList<>(faces);
    Collections.shuffle(shuffled, new Random(9));
    for (long rows : new long[] {1, 5_000}) {
      Pipelines.run(
          pipeline ->
              PAssert.thatSingleton(
                      faces(pipeline, shuffled)
                          .apply(EmbedFaces.with("student", modelUri, rows))
                          .apply(Digests.of(EmbeddingRow.class)))
                  .isEqualTo(digest));
    }
  }

  @Test
  void aCachedTeacherHasBothViewsAndItsTaps() throws IOException {
    TeacherModel teacher =
        new TeacherModel(modelUri, "", 0, List.of("last"), FeatureType.FLOAT32, "cpu");
    Map<String, float[]> expected = expected();
    Pipelines.run(
        pipeline ->
            PAssert.that(faces(pipeline, faces.subList(0, 3)).apply(CacheTeacher.of(teacher, 3)))
                .satisfies(
                    rows -> {
                      Map<String, FeatureRow> byKey = new HashMap<>();
                      rows.forEach(row -> byKey.put(row.faceId() + row.view() + row.tap(), row));
                      assertThat(byKey).hasSize(3 * 2 * 2);
                      for (FaceRow face : faces.subList(0, 3)) {
                        FeatureRow row = byKey.get(face.faceId() + "0embedding");
                        assertThat(row.shape()).containsExactly(8);
                        assertThat(
                                EmbeddingMath.normalise(
                                    FeatureRow.floats(row.shape(), row.values())))
                            .containsExactly(expected.get(face.faceId()), within(1e-5f));
                        assertThat(byKey.get(face.faceId() + "1embedding").values())
                            .isNotEqualTo(row.values());
                        FeatureRow last = byKey.get(face.faceId() + "0last");
                        int size = 1;
                        for (int side : last.shape()) {
                          size *= side;
                        }
                        assertThat(last.shape()).hasSize(3);
                        assertThat(FeatureRow.floats(last.shape(), last.values())).hasSize(size);
                      }
                      return null;
                    }));
  }

  /** Rows of a teacher's cache in the order of their names. */
  private List<FeatureRow> cached(FeatureType type) throws IOException {
    TeacherModel teacher = new TeacherModel(modelUri, "", 0, List.of("last"), type, "cpu");
    String attempt = folder.resolve(type.name()).toString();
    Pipelines.run(
        pipeline ->
            faces(pipeline, faces.subList(0, 3))
                .apply(CacheTeacher.of(teacher, 3))
                .apply(FacetParquetIO.write(FeatureRow.class, "t").to(attempt)));
    try (ParquetTable.Rows<FeatureRow> rows = ParquetTable.read(FeatureRow.class, attempt, "t")) {
      List<FeatureRow> all = new ArrayList<>();
      rows.forEach(all::add);
      all.sort(Comparator.comparing(row -> row.faceId() + row.view() + row.tap()));
      return all;
    }
  }

  @Test
  void aCachedTeacherMayBeKeptInHalfTheBytes() throws IOException {
    List<FeatureRow> whole = cached(FeatureType.FLOAT32);
    List<FeatureRow> half = cached(FeatureType.FLOAT16);
    assertThat(half).hasSameSizeAs(whole).hasSize(3 * 2 * 2);
    for (int i = 0; i < half.size(); i++) {
      FeatureRow row = half.get(i);
      float[] exact = FeatureRow.floats(whole.get(i).shape(), whole.get(i).values());
      float[] rounded = FeatureRow.floats(row.shape(), row.values());
      assertThat(row.values()).hasSize(2 * exact.length);
      assertThat(row.tap()).isEqualTo(whole.get(i).tap());
      for (int j = 0; j < exact.length; j++) {
        assertThat(rounded[j]).isEqualTo(HalfFloat.toFloat(HalfFloat.of(exact[j])));
      }
    }
  }

  @Test
  void onlyTheFacesOfWantedImagesAreChosen() throws IOException {
    TableSummary table = TableFile.write(FaceRow.class, folder.toString(), "faces", faces);
    Pipelines.run(
        pipeline -> {
          List<String> wanted =
              List.of(faces.get(1).imageId(), faces.get(1).imageId(), "f".repeat(64));
          PAssert.that(
                  pipeline
                      .apply("Wanted", Create.of(wanted))
                      .apply(ChooseFaces.from(table.uris(folder.toString()))))
              .satisfies(
                  chosen -> {
                    assertThat(chosen)
                        .extracting(FaceRow::faceId)
                        .containsExactly(faces.get(1).faceId());
                    return null;
                  });
        });
  }

  @Test
  void aTeacherWhoseOutputsAreNotFiniteIsNamed() {
    String uri = folder.resolve("overflowing.safetensors").toString();
    try (NDManager manager = Torch.newManager();
        Network network = Backbone.create(TINY)) {
      network.initialise(manager, 5);
      Map<String, float[]> values = network.save();
      values.replaceAll(
          (name, array) -> {
            float[] huge = new float[array.length];
            Arrays.fill(huge, 1e30f);
            return huge;
          });
      network.load(manager, values);
      ModelFile.of(TINY, Preprocessing.STANDARD, network).write(Path.of(uri));
    }
    TeacherModel teacher = new TeacherModel(uri, "", 0, List.of(), FeatureType.FLOAT32, "cpu");

    assertThatThrownBy(
            () ->
                Pipelines.run(
                    pipeline ->
                        faces(pipeline, faces.subList(0, 3)).apply(CacheTeacher.of(teacher, 3))))
        .rootCause()
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(
            "overflowing.safetensors", "embedding of face", "check its weights");
  }
}
