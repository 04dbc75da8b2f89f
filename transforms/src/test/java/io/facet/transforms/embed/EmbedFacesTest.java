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
import io.facet.models.face.AlignedImages;
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
import io.facet.transforms.row.EmbeddingRow;
import io.facet.transforms.row.FaceCrop;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.FeatureRow;
import io.facet.transforms.row.ImageRow;
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
import java.util.stream.Stream;
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
  private static List<FaceCrop> faces;
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
      faces.add(new FaceCrop(FaceId.of(imageId, 0, "0123456789ab"), png));
    }
  }

  private static PCollection<FaceCrop> faces(Pipeline pipeline, List<FaceCrop> rows) {
    return pipeline.apply(Create.of(rows).withCoder(RecordCoder.of(FaceCrop.class)));
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
    List<FaceCrop> shuffled = new ArrayList<>(faces);
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
                      for (FaceCrop face : faces.subList(0, 3)) {
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

  private static FaceRow row(FaceCrop face) {
    String imageId = FaceId.imageId(face.faceId());
    float[] none = new float[0];
    return new FaceRow(face.faceId(), imageId, 0, face.crop(), "png", none, none, 1, 40, 1);
  }

  private static ImageRow image(FaceCrop face, byte[] bytes) {
    String imageId = FaceId.imageId(face.faceId());
    return new ImageRow(imageId, bytes, "png", 112, 112, new float[0], AlignedImages.AUTO);
  }

  /** Of three faces the second is an image as it is; the others were cut out. */
  private static FaceFiles stored(String name, ImageRow... images) throws IOException {
    String uri = folder.resolve(name).toString();
    List<FaceRow> rows =
        List.of(row(faces.get(0)), row(faces.get(1)).withoutImage(), row(faces.get(2)));
    return new FaceFiles(
        TableFile.write(FaceRow.class, uri, "faces", rows).uris(uri),
        TableFile.write(ImageRow.class, uri, "images", List.of(images)).uris(uri));
  }

  private static String text(FaceCrop face) {
    return face.faceId() + " " + Sha256.hex(face.crop());
  }

  @Test
  void cropsOfWantedImagesAreReadWhereTheyLie() throws IOException {
    FaceFiles files =
        stored(
            "both",
            image(faces.get(0), new byte[] {1}),
            image(faces.get(1), faces.get(1).crop()),
            image(faces.get(2), new byte[] {1}));
    List<String> wanted =
        Stream.of(0, 1, 1).map(i -> FaceId.imageId(faces.get(i).faceId())).toList();
    Pipelines.run(
        pipeline ->
            PAssert.that(
                    pipeline
                        .apply(
                            "Wanted",
                            Create.of(
                                List.of(
                                    wanted.get(0), wanted.get(1), wanted.get(2), "f".repeat(64))))
                        .apply(ChooseFaces.from(files)))
                .satisfies(
                    chosen -> {
                      assertThat(chosen)
                          .extracting(EmbedFacesTest::text)
                          .containsExactlyInAnyOrder(text(faces.get(0)), text(faces.get(1)));
                      return null;
                    }));
    List<String> read = new ArrayList<>();
    files.read(
        face -> wanted.contains(face.imageId()),
        (face, crop) -> {
          assertThat(crop.faceId()).isEqualTo(face.faceId());
          read.add(text(crop));
        });
    assertThat(read).containsExactly(text(faces.get(0)), text(faces.get(1)));
  }

  @Test
  void aFaceWhoseImageIsGoneIsAnError() throws IOException {
    FaceFiles files = stored("gone", image(faces.get(0), new byte[] {1}));
    String imageId = FaceId.imageId(faces.get(1).faceId());
    assertThatThrownBy(() -> files.read(face -> true, (face, crop) -> {}))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("image " + imageId + " is the crop of a face and in no file");
    assertThatThrownBy(
            () ->
                Pipelines.run(
                    pipeline ->
                        pipeline
                            .apply("Wanted", Create.of(imageId))
                            .apply(ChooseFaces.from(files))))
        .rootCause()
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("image " + imageId + " is the crop of a face and in no file");
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
