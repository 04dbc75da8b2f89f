package io.facet.transforms.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.face.AlignOptions;
import io.facet.models.face.AlignedImages;
import io.facet.models.face.AlignmentResult;
import io.facet.models.face.FaceAligner;
import io.facet.models.face.FaceDetector;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.Pixels;
import io.facet.models.face.synthetic.Photograph;
import io.facet.models.face.synthetic.SyntheticFaces;
import io.facet.models.face.synthetic.SyntheticOptions;
import io.facet.models.option.RecordBinder;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.parquet.LocatedRows;
import io.facet.transforms.parquet.TableFile;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.FaceName;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.ImageRow;
import io.facet.transforms.row.RecordCoder;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.TableDigest;
import io.facet.transforms.testing.Digests;
import io.facet.transforms.testing.Pipelines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlignFacesTest {
  @TempDir private Path folder;

  private static final AlignOptions GIVEN =
      AlignOptions.with(RecordBinder.select(FaceDetector.class, "given"));

  private static List<ImageRow> images(int count) {
    SyntheticFaces faces = new SyntheticFaces(1, SyntheticOptions.STANDARD);
    List<ImageRow> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Photograph photograph = faces.photograph(i, 0);
      images.add(
          image(
              photograph.jpeg(), photograph.width(), photograph.height(), photograph.landmarks()));
    }
    return images;
  }

  private static PCollection<KV<String, ImageRow>> keyed(Pipeline pipeline, List<ImageRow> images) {
    return pipeline
        .apply(
            "Images" + images.size(), Create.of(images).withCoder(RecordCoder.of(ImageRow.class)))
        .apply(
            "Key" + images.size(),
            WithKeys.<String, ImageRow>of("").withKeyType(TypeDescriptors.strings()));
  }

  private static ImageRow image(byte[] encoded, int width, int height, float[] landmarks) {
    return new ImageRow(
        Sha256.hex(encoded), encoded, "jpeg", width, height, landmarks, AlignedImages.AUTO);
  }

  @Test
  void eachImageGivesACropNamedAfterIt() {
    List<ImageRow> images = images(3);
    PipelineResult result =
        Pipelines.run(
            pipeline -> {
              PCollectionTuple aligned = keyed(pipeline, images).apply(AlignFaces.with(GIVEN));
              PAssert.that(aligned.get(AlignFaces.FACES).apply(Values.create()))
                  .satisfies(
                      faces -> {
                        assertThat(faces)
                            .hasSize(3)
                            .allSatisfy(AlignFacesTest::assertIsAlignedFace);
                        return null;
                      });
              PAssert.that(aligned.get(AlignFaces.REJECTS)).empty();
              PAssert.that(aligned.get(AlignFaces.TIMINGS))
                  .satisfies(
                      rows -> {
                        double count = 0;
                        for (var row : rows) {
                          count += row.name().equals("bundle_images") ? row.value() : 0;
                        }
                        assertThat(count).isEqualTo(3);
                        return null;
                      });
            });
    assertThat(Pipelines.counter(result, AlignFaces.class, "faces")).isEqualTo(3);
  }

  private static void assertIsAlignedFace(FaceRow face) {
    assertThat(face.faceId()).isEqualTo(FaceId.of(face.imageId(), 0, GIVEN.digest()));
    Pixels crop = ImageDecoder.decode(face.crop());
    assertThat(crop.width()).isEqualTo(112);
    assertThat(crop.height()).isEqualTo(112);
    assertThat(face.format()).isEqualTo("png");
    assertThat(face.landmarks()).hasSize(10);
    assertThat(face.transform()).hasSize(6);
    assertThat(face.eyeDistance()).isGreaterThan(5);
  }

  private static ImageRow taken(ImageRow image, AlignedImages aligned) {
    return new ImageRow(
        image.imageId(),
        image.bytes(),
        image.format(),
        image.width(),
        image.height(),
        image.landmarks(),
        aligned);
  }

  /** Without landmarks {@code given} finds no face: a crop needs none. */
  @Test
  void cropsAreTakenAsTheyAre() {
    byte[] crop = FaceEncoder.png(new Pixels(112, 112, new byte[112 * 112 * 3]));
    byte[] photograph = FaceEncoder.png(new Pixels(160, 112, new byte[160 * 112 * 3]));
    byte[] small = FaceEncoder.png(new Pixels(96, 112, new byte[96 * 112 * 3]));
    ImageRow drawn = images(1).get(0);
    List<ImageRow> images =
        List.of(
            image(crop, 112, 112, new float[0]),
            image(photograph, 160, 112, new float[0]),
            taken(image(small, 96, 112, new float[0]), AlignedImages.TRUE),
            taken(drawn, AlignedImages.TRUE));
    ImageRow refused = taken(images.get(0), AlignedImages.FALSE);
    Pipelines.run(
        pipeline -> {
          PCollectionTuple aligned = keyed(pipeline, images).apply("Align", AlignFaces.with(GIVEN));
          PAssert.that(aligned.get(AlignFaces.FACES).apply(Values.create()))
              .satisfies(
                  faces -> {
                    FaceRow face = faces.iterator().next();
                    assertThat(faces).hasSize(1);
                    assertThat(face.crop()).isEqualTo(crop);
                    assertThat(face.faceId())
                        .isEqualTo(FaceId.of(face.imageId(), 0, GIVEN.ofCrops().digest()));
                    return null;
                  });
          PAssert.that(aligned.get(AlignFaces.REJECTS))
              .satisfies(
                  rejects -> {
                    assertThat(rejects)
                        .extracting(RejectRow::reason)
                        .containsExactlyInAnyOrder("no-landmarks", "not-aligned", "not-aligned");
                    return null;
                  });
          PCollectionTuple found =
              keyed(pipeline, List.of(refused)).apply("Find", AlignFaces.with(GIVEN));
          PAssert.that(found.get(AlignFaces.FACES)).empty();
        });
  }

  @Test
  void imagesThatGiveNoFaceAreRejectedWithAReason() {
    ImageRow sound = images(1).get(0);
    ImageRow unknown = image(sound.bytes(), 160, 160, new float[0]);
    ImageRow broken = image(new byte[] {1, 2, 3}, 1, 1, sound.landmarks());
    Pipelines.run(
        pipeline -> {
          PCollectionTuple aligned =
              keyed(pipeline, List.of(unknown, broken)).apply(AlignFaces.with(GIVEN));
          PAssert.that(aligned.get(AlignFaces.FACES)).empty();
          PAssert.that(aligned.get(AlignFaces.REJECTS))
              .satisfies(
                  rejects -> {
                    assertThat(rejects)
                        .extracting(r -> r.stage() + " " + r.imageId() + " " + r.reason())
                        .containsExactlyInAnyOrder(
                            "align " + unknown.imageId() + " no-landmarks",
                            "align " + broken.imageId() + " unknown-type");
                    return null;
                  });
        });
  }

  @Test
  void rejectsAreNamedAfterTheFirstSampleOfTheirImage() {
    List<RejectRow> rejects =
        List.of(
            new RejectRow("align", "", "", "a", "no-face", "none found"),
            new RejectRow("align", "", "", "b", "no-face", "none found"));
    List<SampleRow> samples =
        List.of(
            new SampleRow("folder", "2.jpg", "", "train", "a"),
            new SampleRow("folder", "1.jpg", "", "validation", "a"),
            new SampleRow("folder", "0.jpg", "", "train", "other"));
    Pipelines.run(
        pipeline ->
            PAssert.that(
                    pipeline
                        .apply("Rejects", Create.of(rejects))
                        .apply(NameRejects.of(pipeline.apply("Samples", Create.of(samples)))))
                .containsInAnyOrder(
                    new RejectRow("align", "folder", "1.jpg", "a", "no-face", "none found"),
                    rejects.get(1)));
  }

  @Test
  void theTransformGivesWhatThePlainAlignerGives() {
    List<ImageRow> images = images(4);
    TableDigest plain = TableDigest.of(FaceRow.class, aligned(images));
    Pipelines.run(
        pipeline ->
            PAssert.thatSingleton(
                    keyed(pipeline, images)
                        .apply(AlignFaces.with(GIVEN))
                        .get(AlignFaces.FACES)
                        .apply(Values.create())
                        .apply(Digests.of(FaceRow.class)))
                .isEqualTo(plain));
  }

  @Test
  void facesOfTheSameAlignmentAreReused() throws IOException {
    List<ImageRow> images = images(4);
    List<FaceRow> earlier = new ArrayList<>(aligned(images.subList(0, 3)));
    earlier.add(earlier.get(0));
    FaceRow other = earlier.remove(2);
    String otherId = FaceId.of(other.imageId(), 0, "f".repeat(64));
    earlier.add(
        new FaceRow(
            otherId,
            other.imageId(),
            0,
            other.crop(),
            other.format(),
            other.landmarks(),
            other.transform(),
            other.score(),
            other.eyeDistance(),
            other.sharpness()));
    TableSummary first = TableFile.write(ImageRow.class, folder.toString(), "images", images);
    TableSummary second = TableFile.write(FaceRow.class, folder.toString(), "faces", earlier);
    Pipelines.run(
        pipeline -> {
          PCollectionTuple divided =
              pipeline
                  .apply("Images", LocatedRows.of(ImageShape.class, first.uris(folder.toString())))
                  .apply(
                      ReuseFaces.of(
                          pipeline.apply(
                              "Earlier",
                              LocatedRows.of(FaceName.class, second.uris(folder.toString()))),
                          GIVEN));
          PAssert.that(
                  divided
                      .get(ReuseFaces.FACES)
                      .apply("ReadFaces", LocatedRows.rows(FaceRow.class, FaceRow::faceId))
                      .apply("OfFaces", Values.create()))
              .satisfies(
                  faces -> {
                    assertThat(faces)
                        .extracting(FaceRow::imageId)
                        .contains(images.get(0).imageId(), images.get(1).imageId())
                        .doesNotContain(images.get(2).imageId(), images.get(3).imageId());
                    return null;
                  });
          PAssert.that(
                  divided
                      .get(ReuseFaces.IMAGES)
                      .apply("ReadImages", LocatedRows.rows(ImageRow.class, ImageRow::imageId))
                      .apply("OfImages", Values.create()))
              .satisfies(
                  rest -> {
                    assertThat(rest)
                        .extracting(ImageRow::imageId)
                        .containsExactlyInAnyOrder(
                            images.get(2).imageId(), images.get(3).imageId());
                    return null;
                  });
        });
  }

  /** Nor have reused ones, which artifacts of before have. */
  @Test
  void facesHaveNoCopyOfAnImageThatIsTheirCrop() throws IOException {
    byte[] crop = FaceEncoder.png(new Pixels(112, 112, new byte[112 * 112 * 3]));
    ImageRow image = image(crop, 112, 112, new float[0]);
    String uri = folder.toString();
    List<String> images = TableFile.write(ImageRow.class, uri, "images", List.of(image)).uris(uri);
    FaceRow whole;
    try (FaceAligner aligner = FaceAligner.open(GIVEN.ofCrops())) {
      whole = face(image, GIVEN.ofCrops(), (AlignmentResult.Aligned) aligner.align(crop));
    }
    assertThat(whole.toCrop().crop()).isEqualTo(crop);
    assertThat(whole.withoutImage().crop()).isEmpty();
    assertThatThrownBy(() -> whole.withoutImage().toCrop())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(image.imageId());
    List<String> earlier = TableFile.write(FaceRow.class, uri, "faces", List.of(whole)).uris(uri);
    for (List<String> reused : List.of(List.<String>of(), earlier)) {
      Pipelines.run(
          pipeline ->
              PAssert.thatSingleton(
                      alignedFaces(pipeline, AlignImages.of(images, GIVEN, uri).reusing(reused))
                          .apply(Digests.of(FaceRow.class)))
                  .isEqualTo(TableDigest.of(FaceRow.class, List.of(whole.withoutImage()))));
    }
  }

  private static PCollection<FaceRow> alignedFaces(Pipeline pipeline, AlignImages align) {
    return pipeline.apply(align).get(AlignFaces.FACES).apply(Values.create());
  }

  private static List<FaceRow> aligned(List<ImageRow> images) {
    List<FaceRow> faces = new ArrayList<>();
    try (FaceAligner aligner = FaceAligner.open(GIVEN)) {
      for (ImageRow image : images) {
        AlignmentResult.Aligned face =
            (AlignmentResult.Aligned) aligner.align(image.bytes(), image.landmarks());
        faces.add(face(image, GIVEN, face));
      }
    }
    return faces;
  }

  private static FaceRow face(
      ImageRow image, AlignOptions options, AlignmentResult.Aligned aligned) {
    return new FaceRow(
        FaceId.of(image.imageId(), 0, options.digest()),
        image.imageId(),
        0,
        aligned.encoded(),
        aligned.format(),
        aligned.landmarks(),
        aligned.transform(),
        aligned.score(),
        aligned.eyeDistance(),
        aligned.sharpness());
  }
}
