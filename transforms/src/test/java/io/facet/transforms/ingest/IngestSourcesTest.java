package io.facet.transforms.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.parquet.FacetParquetIO;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.ImageRow;
import io.facet.transforms.row.PairRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.SharedRow;
import io.facet.transforms.row.SplitRow;
import io.facet.transforms.source.ChosenSource;
import io.facet.transforms.source.SourceSpec;
import io.facet.transforms.testing.PackedImages;
import io.facet.transforms.testing.Pipelines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestSourcesTest {
  @TempDir private Path root;

  private byte[] image(String name, int grey) throws IOException {
    byte[] bgr = new byte[16 * 12 * 3];
    Arrays.fill(bgr, (byte) grey);
    byte[] png = FaceEncoder.png(new Pixels(16, 12, bgr));
    return file(name, png);
  }

  private byte[] file(String name, byte[] bytes) throws IOException {
    Path path = root.resolve("data").resolve(name);
    Files.createDirectories(path.getParent());
    Files.write(path, bytes);
    return bytes;
  }

  private SourceSpec training(String label, String path, double share) {
    return SourceSpec.training(
            label, ChosenSource.of("folder", "{path: '%s'}".formatted(path)), share, 1)
        .relativeTo(root.resolve("data").toString());
  }

  private SourceSpec pairs(String set, String list, String images) {
    return SourceSpec.verification(
            set,
            ChosenSource.of("csv-pairs", "{pairs: '%s', images: '%s'}".formatted(list, images)))
        .relativeTo(root.resolve("data").toString());
  }

  private PipelineResult ingest(SourceSpec... specs) {
    return ingest(IngestSources.of(List.of(specs)));
  }

  private PipelineResult ingest(IngestSources ingest) {
    String attempt = root.resolve("attempt").toString();
    return Pipelines.run(
        pipeline -> {
          PCollectionTuple read = pipeline.apply(ingest);
          read.get(IngestSources.IMAGES)
              .apply(
                  "WriteImages",
                  FacetParquetIO.writePartitioned(ImageRow.class, "images").to(attempt));
          read.get(IngestSources.SAMPLES)
              .apply("WriteSamples", FacetParquetIO.write(SampleRow.class, "samples").to(attempt));
          read.get(IngestSources.PAIRS)
              .apply("WritePairs", FacetParquetIO.write(PairRow.class, "pairs").to(attempt));
          read.get(IngestSources.REJECTS)
              .apply("WriteRejects", FacetParquetIO.write(RejectRow.class, "rejects").to(attempt));
          read.get(IngestSources.SHARED)
              .apply("WriteShared", FacetParquetIO.write(SharedRow.class, "shared").to(attempt));
          read.get(IngestSources.SPLITS)
              .apply("WriteSplits", FacetParquetIO.write(SplitRow.class, "splits").to(attempt));
        });
  }

  private <T> List<T> table(Class<T> type, String name) throws IOException {
    try (ParquetTable.Rows<T> rows =
        ParquetTable.read(type, root.resolve("attempt").toString(), name)) {
      return StreamSupport.stream(rows.spliterator(), false)
          .sorted(Comparator.comparing(Object::toString))
          .toList();
    }
  }

  private Map<String, ImageRow> images() throws IOException {
    return table(ImageRow.class, "images").stream()
        .collect(Collectors.toMap(ImageRow::imageId, Function.identity()));
  }

  /** From a source with another name for the same bytes as well, and from a set of pairs. */
  @Test
  void forgottenImagesAreRejectsWithoutNameAndTakeTheirPairsAlong() throws Exception {
    byte[] gone = image("faces/anna/1.png", 10);
    image("faces/anna/2.png", 11);
    image("more/bea/copy.png", 10);
    image("set/c/1.png", 12);
    image("set/c/2.png", 13);
    byte[] alsoGone = image("set/d/1.png", 14);
    file(
        "pairs.csv",
        "left,right,same,fold\nc/1.png,c/2.png,1,0\nc/1.png,d/1.png,0,0\n".getBytes(UTF_8));
    Path store = root.resolve("store");
    List<String> ids = List.of(Sha256.hex(gone), Sha256.hex(alsoGone));
    Path record = store.resolve(ForgottenImages.FOLDER).resolve(ForgottenImages.fileName(ids));
    Files.createDirectories(record.getParent());
    Files.write(record, ForgottenImages.fileContent(ids, "2026-01-01T00:00:00Z"));
    assertThat(Files.readString(record)).doesNotContain(ids);

    ingest(
        IngestSources.of(
                List.of(
                    training("home", "faces", 0),
                    training("other", "more", 0),
                    pairs("set", "pairs.csv", "set")))
            .leavingOut(ForgottenImages.read(store.toString())));

    assertThat(table(SampleRow.class, "samples"))
        .extracting(SampleRow::name)
        .containsExactlyInAnyOrder("anna/2.png", "c/1.png", "c/2.png");
    assertThat(images()).doesNotContainKeys(ids.toArray(String[]::new)).hasSize(3);
    assertThat(table(PairRow.class, "pairs")).extracting(PairRow::position).containsExactly(0);
    assertThat(table(RejectRow.class, "rejects"))
        .allMatch(row -> row.reason().equals(ForgottenImages.REASON) && row.imageId().isEmpty())
        .extracting(RejectRow::source, RejectRow::name)
        .containsExactlyInAnyOrder(
            tuple("home", ""), tuple("other", ""), tuple("set", ""), tuple("set", "pair 1"));
  }

  @Test
  void aSpoiltRecordOfForgottenImagesIsRefused() throws IOException {
    Path record = root.resolve("store/forgotten/0123456789abcdef.json");
    Files.createDirectories(record.getParent());
    Files.writeString(record, "{\"when\": ");
    assertThatThrownBy(() -> ForgottenImages.read(root.resolve("store").toString()))
        .hasMessageContaining("0123456789abcdef.json is damaged")
        .hasMessageContaining("forget the images again");
  }

  @Test
  void sameImagesBecomeOneImageWithSeveralNames() throws Exception {
    byte[] first = image("faces/anna/1.png", 10);
    image("faces/anna/copy.png", 10);
    byte[] second = image("faces/bea/1.jpg", 20);

    PipelineResult result = ingest(training("home", "faces", 0));

    Map<String, ImageRow> images = images();
    assertThat(images).containsOnlyKeys(Sha256.hex(first), Sha256.hex(second));
    ImageRow image = images.get(Sha256.hex(second));
    assertThat(image.bytes()).isEqualTo(second);
    assertThat(image.format()).as("by content, whatever the name says").isEqualTo("png");
    assertThat(image.width()).isEqualTo(16);
    assertThat(image.height()).isEqualTo(12);
    assertThat(image.landmarks()).isEmpty();
    assertThat(table(SampleRow.class, "samples"))
        .containsExactlyInAnyOrder(
            new SampleRow("home", "anna/1.png", "anna", "train", Sha256.hex(first)),
            new SampleRow("home", "anna/copy.png", "anna", "train", Sha256.hex(first)),
            new SampleRow("home", "bea/1.jpg", "bea", "train", Sha256.hex(second)));
    assertThat(table(RejectRow.class, "rejects")).isEmpty();
    assertThat(Pipelines.counter(result, IngestSources.class, "samples")).isEqualTo(3);
    assertThat(Pipelines.counter(result, IngestSources.class, "duplicates")).isEqualTo(1);
  }

  @Test
  void whatIsNoImageIsRejectedWithItsReason() throws Exception {
    byte[] whole = image("faces/anna/1.png", 10);
    file("faces/anna/empty.jpg", new byte[0]);
    file("faces/anna/text.jpg", "no image".getBytes(UTF_8));
    file("faces/anna/half.png", Arrays.copyOf(whole, whole.length / 2));

    PipelineResult result = ingest(training("home", "faces", 0));

    assertThat(table(RejectRow.class, "rejects"))
        .extracting(RejectRow::stage, RejectRow::source, RejectRow::name, RejectRow::reason)
        .containsExactlyInAnyOrder(
            tuple("ingest", "home", "anna/empty.jpg", "empty-file"),
            tuple("ingest", "home", "anna/text.jpg", "unknown-type"),
            tuple("ingest", "home", "anna/half.png", "truncated"));
    assertThat(images()).hasSize(1);
    assertThat(Pipelines.counter(result, IngestSources.class, "rejects")).isEqualTo(3);
  }

  @Test
  void pairsPointToImagesAndBrokenOnesAreRejected() throws Exception {
    byte[] anna = image("dev/anna/1.png", 1);
    byte[] bea = image("dev/bea/1.png", 2);
    file(
        "pairs.csv",
        "left,right,same,fold\nanna/1.png,bea/1.png,0,3\nanna/1.png,anna/1.png,1,3\nbea/1.png,gone/1.png,0,4\n"
            .getBytes(UTF_8));

    ingest(pairs("dev", "pairs.csv", "dev"));

    assertThat(table(PairRow.class, "pairs"))
        .containsExactlyInAnyOrder(
            new PairRow("dev", 0, 3, Sha256.hex(anna), Sha256.hex(bea), false),
            new PairRow("dev", 1, 3, Sha256.hex(anna), Sha256.hex(anna), true));
    assertThat(table(RejectRow.class, "rejects"))
        .extracting(RejectRow::name, RejectRow::reason)
        .containsExactlyInAnyOrder(
            tuple("gone/1.png", "missing-file"), tuple("pair 2", "unusable-pair"));
    assertThat(table(SampleRow.class, "samples"))
        .extracting(SampleRow::split)
        .containsExactly("dev", "dev");
  }

  /** Names are those of one source: the held-out training image has the name of one of the set. */
  @Test
  void pairsNameImagesOfTheirOwnSet() throws Exception {
    image("faces/anna/1.png", 1);
    byte[] anna = image("dev/anna/1.png", 2);
    byte[] bea = image("dev/bea/1.png", 3);
    file("pairs.csv", "left,right,same\nanna/1.png,bea/1.png,0\n".getBytes(UTF_8));
    SourceSpec validation =
        SourceSpec.validation(ChosenSource.of("csv-pairs", "{pairs: 'pairs.csv', images: 'dev'}"))
            .relativeTo(root.resolve("data").toString());

    ingest(training("home", "faces", 1), validation);

    assertThat(table(PairRow.class, "pairs"))
        .extracting(PairRow::leftImageId, PairRow::rightImageId)
        .containsExactly(tuple(Sha256.hex(anna), Sha256.hex(bea)));
  }

  @Test
  void pairsOfATrainingSourceAreNobodys() throws Exception {
    image("faces/anna/1.png", 1);
    file("pairs.csv", "left,right,same\nanna/1.png,anna/1.png,1\n".getBytes(UTF_8));
    SourceSpec spec =
        SourceSpec.training(
                "home", ChosenSource.of("csv-pairs", "{pairs: 'pairs.csv', images: 'faces'}"), 0, 1)
            .relativeTo(root.resolve("data").toString());

    ingest(spec);

    assertThat(table(SampleRow.class, "samples")).hasSize(1);
    assertThat(table(PairRow.class, "pairs")).isEmpty();
    assertThat(table(RejectRow.class, "rejects")).isEmpty();
  }

  @Test
  void trainingImagesWithTwoIdentitiesAreRejected() throws Exception {
    image("faces/anna/1.png", 10);
    image("faces/bea/1.png", 10);
    image("faces/bea/2.png", 20);

    PipelineResult result = ingest(training("home", "faces", 0));

    assertThat(table(SampleRow.class, "samples"))
        .extracting(SampleRow::name)
        .containsExactly("bea/2.png");
    assertThat(table(RejectRow.class, "rejects"))
        .extracting(RejectRow::name, RejectRow::reason, RejectRow::detail)
        .containsExactlyInAnyOrder(
            tuple("anna/1.png", "conflicting-identities", "the same image shows [anna, bea]"),
            tuple("bea/1.png", "conflicting-identities", "the same image shows [anna, bea]"));
    assertThat(Pipelines.counter(result, IngestSources.class, "conflicting-identities"))
        .isEqualTo(1);
  }

  @Test
  void anUnlabelledCopyTakesIdentityAndSplitOfTheLabelledOne() throws Exception {
    for (int person = 0; person < 12; person++) {
      image("faces/p" + person + "/1.png", person);
      image("more/" + person + ".png", person);
      image("more/unknown" + person + ".png", 100 + person);
    }
    SourceSpec unlabelled =
        SourceSpec.training(
                "more", ChosenSource.of("folder", "{path: more, identity: none}"), 0.5, 7)
            .relativeTo(root.resolve("data").toString());

    ingest(training("home", "faces", 0.5), unlabelled);

    List<SampleRow> samples = table(SampleRow.class, "samples");
    assertThat(table(RejectRow.class, "rejects")).isEmpty();
    Map<String, List<SampleRow>> byImage =
        samples.stream().collect(Collectors.groupingBy(SampleRow::imageId));
    assertThat(byImage).hasSize(24);
    assertThat(byImage.values())
        .allSatisfy(
            copies -> {
              assertThat(copies.stream().map(SampleRow::identity).distinct()).hasSize(1);
              assertThat(copies.stream().map(SampleRow::split).distinct()).hasSize(1);
            });
    assertThat(samples.stream().filter(sample -> sample.identity().isEmpty()))
        .as("who is unknown is never kept out")
        .hasSize(12)
        .allMatch(sample -> sample.split().equals(SampleRow.TRAIN));
  }

  @Test
  void whatIsLearntFromAndMeasuredOnIsTold() throws Exception {
    image("faces/anna/1.png", 10);
    image("faces/anna/2.png", 30);
    image("dev/someone/1.png", 10);
    image("dev/anna/1.png", 40);
    file("pairs.csv", "left,right,same\nsomeone/1.png,anna/1.png,0\n".getBytes(UTF_8));

    PipelineResult result = ingest(training("home", "faces", 0), pairs("dev", "pairs.csv", "dev"));

    assertThat(table(SampleRow.class, "samples")).hasSize(4);
    assertThat(table(RejectRow.class, "rejects")).isEmpty();
    assertThat(table(PairRow.class, "pairs")).hasSize(1);
    assertThat(table(SharedRow.class, "shared"))
        .containsExactlyInAnyOrder(
            new SharedRow("image", "dev", "home", "someone/1.png", "anna/1.png"),
            new SharedRow("identity", "dev", "home", "anna", "anna"));
    assertThat(table(SplitRow.class, "splits"))
        .containsExactlyInAnyOrder(new SplitRow("train", 2, 1), new SplitRow("dev", 2, 2));
    assertThat(Pipelines.counter(result, IngestSources.class, "shared-with-verification"))
        .isEqualTo(1);
  }

  @Test
  void pairsToValidateOnAreKeptFromTrainingAndMeasuring() throws Exception {
    image("faces/anna/1.png", 10);
    image("own/anna/1.png", 20);
    image("own/bea/1.png", 30);
    image("dev/bea/1.png", 30);
    image("dev/cleo/1.png", 40);
    file("own.csv", "left,right,same\nanna/1.png,bea/1.png,0\n".getBytes(UTF_8));
    file("dev.csv", "left,right,same\nbea/1.png,cleo/1.png,0\n".getBytes(UTF_8));
    SourceSpec validation = SourceSpec.validation(pairs("any", "own.csv", "own").source());

    ingest(training("home", "faces", 0), validation, pairs("dev", "dev.csv", "dev"));

    assertThat(table(SharedRow.class, "shared"))
        .containsExactlyInAnyOrder(
            new SharedRow("identity", "validation", "home", "anna", "anna"),
            new SharedRow("image", "dev", "validation", "bea/1.png", "bea/1.png"),
            new SharedRow("identity", "dev", "validation", "bea", "bea"));
  }

  @Test
  void packedFilesAreReadInRangesWithAnIndexOrWithout() throws Exception {
    List<byte[]> images = new ArrayList<>();
    List<Float> labels = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < 60; i++) {
      byte[] noise = new byte[300 * 300 * 3]; // in all some 16 MB, four ranges
      random.nextBytes(noise);
      images.add(FaceEncoder.png(new Pixels(300, 300, noise)));
      labels.add((float) (i / 6));
    }
    images.set(7, "no image".getBytes(UTF_8));
    Files.createDirectories(root.resolve("data"));
    PackedImages.recordIo(root.resolve("data/train.rec"), images, labels);
    SourceSpec spec =
        SourceSpec.training("packed", ChosenSource.of("recordio", "{path: train.rec}"), 0, 7)
            .relativeTo(root.resolve("data").toString());
    assertThat(spec.list().files().get(0).ranges()).hasSizeGreaterThan(3);
    List<SampleRow> indexed = null;
    for (boolean index : new boolean[] {true, false}) {
      if (!index) {
        Files.delete(root.resolve("data/train.idx"));
      }
      ingest(spec);
      List<SampleRow> samples = table(SampleRow.class, "samples");
      assertThat(samples).hasSize(59);
      assertThat(samples)
          .contains(new SampleRow("packed", "59", "9", "train", Sha256.hex(images.get(59))));
      assertThat(table(RejectRow.class, "rejects"))
          .extracting(RejectRow::name, RejectRow::reason)
          .containsExactly(tuple("7", "unknown-type"));
      assertThat(table(SplitRow.class, "splits")).containsExactly(new SplitRow("train", 59, 10));
      assertThat(images()).hasSize(59);
      if (indexed != null) {
        assertThat(samples).containsExactlyInAnyOrderElementsOf(indexed);
      }
      indexed = samples;
    }
  }

  @Test
  void wholeIdentitiesGoToValidation() throws Exception {
    for (int person = 0; person < 12; person++) {
      image("faces/p" + person + "/1.png", person);
      image("faces/p" + person + "/2.png", 100 + person);
    }
    ingest(training("home", "faces", 0.5));
    Map<String, List<String>> splits =
        table(SampleRow.class, "samples").stream()
            .collect(
                Collectors.groupingBy(
                    SampleRow::identity,
                    Collectors.mapping(SampleRow::split, Collectors.toList())));
    assertThat(splits).hasSize(12);
    assertThat(splits.values()).allSatisfy(both -> assertThat(both.get(0)).isEqualTo(both.get(1)));
    assertThat(splits.values().stream().map(both -> both.get(0)).distinct())
        .containsExactlyInAnyOrder("train", "validation");
  }

  @Test
  void drawnFacesComeWithLandmarksAndPairs() throws Exception {
    SourceSpec spec =
        SourceSpec.verification(
            "drawn",
            ChosenSource.of(
                "synthetic",
                "{identities: 3, shots: 2, pairs: 4, firstIdentity: 1000000, size: 96}"));
    ingest(spec);
    assertThat(images()).hasSize(6);
    assertThat(images().values()).allSatisfy(image -> assertThat(image.landmarks()).hasSize(10));
    assertThat(table(PairRow.class, "pairs")).hasSize(4).filteredOn(PairRow::same).hasSize(2);
    assertThat(table(SampleRow.class, "samples"))
        .extracting(SampleRow::identity)
        .contains("synthetic-1/01000000");
  }

  @Test
  void aMissingSourceFailsTheRun() {
    SourceSpec spec = training("home", "gone", 0);
    assertThatThrownBy(() -> ingest(spec)).hasStackTraceContaining("no image found below");
  }
}
