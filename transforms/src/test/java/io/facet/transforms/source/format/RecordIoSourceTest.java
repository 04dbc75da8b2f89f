package io.facet.transforms.source.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.facet.models.DataException;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.source.ChosenSource;
import io.facet.transforms.source.ContentHashes;
import io.facet.transforms.source.PackedFile;
import io.facet.transforms.source.ReadRange;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.SourceSpec;
import io.facet.transforms.testing.PackedImages;
import io.facet.transforms.testing.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordIoSourceTest {
  @TempDir private Path root;

  @BeforeAll
  static void registerFileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  @BeforeEach
  void write() throws IOException {
    records("train.rec", 1, 2, 3);
  }

  /** Images of one byte each, which is their label too. */
  private void records(String name, int... values) throws IOException {
    List<byte[]> images = Arrays.stream(values).mapToObj(v -> new byte[] {(byte) v}).toList();
    List<Float> labels = Arrays.stream(values).mapToObj(v -> (float) v).toList();
    PackedImages.recordIo(root.resolve(name), images, labels);
  }

  private SourceSpec spec(String yaml) {
    return SourceSpec.training("mine", ChosenSource.of("recordio", yaml), 0, 1)
        .relativeTo(root.toString());
  }

  private String digest(String yaml) throws IOException {
    SourceSpec spec = spec(yaml);
    return spec.contentDigest(spec.list(), new ContentHashes());
  }

  private void refused(String yaml, String... words) {
    assertThatThrownBy(() -> spec(yaml).list())
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(words);
  }

  @Test
  void imagesHaveTheirKeysAndIdentities() throws IOException {
    assertThat(ReadRange.all(spec("{path: train.rec, namespace: ms}")).samples())
        .extracting(SourceSample::name, SourceSample::identity)
        .containsExactly(tuple("0", "ms/1"), tuple("1", "ms/2"), tuple("2", "ms/3"));
    assertThat(ReadRange.all(spec("{path: train.rec, identity: none}")).samples())
        .extracting(SourceSample::identity)
        .containsOnly("");
  }

  @Test
  void anIndexIsNotNeeded() throws IOException {
    Files.delete(root.resolve("train.idx"));
    assertThat(ReadRange.all(spec("{path: train.rec}")).samples())
        .extracting(SourceSample::name)
        .containsExactly("0", "1", "2");
  }

  @Test
  void severalFilesAreOneSource() throws IOException {
    records("part-2.rec", 4);
    records("part-1.rec", 5, 6);
    records("more.rec", 7);
    ReadRange read = ReadRange.all(spec("{path: 'part-*.rec', further: [more.rec]}"));
    assertThat(read.samples())
        .extracting(SourceSample::name, SourceSample::identity)
        .containsExactly(
            tuple("part-1/0", "5"),
            tuple("part-1/1", "6"),
            tuple("part-2/0", "4"),
            tuple("more/0", "7"));
    Files.createDirectory(root.resolve("other"));
    records("other/more.rec", 7);
    refused("{path: more.rec, further: [other/more.rec]}", "have the same name", "rename one");
    refused("{path: 'port-*.rec'}", "port-*.rec", "no file fits this pattern");
    refused("{path: gone.rec}", "gone.rec does not exist; correct the path");
  }

  @Test
  void labelsMustBeWholeNumbers() throws IOException {
    for (float label : new float[] {1.5f, Float.NaN, Float.POSITIVE_INFINITY}) {
      PackedImages.recordIo(
          root.resolve("odd.rec"), List.of(new byte[1], new byte[2]), List.of(0f, label));
      ReadRange read = ReadRange.all(spec("{path: odd.rec}"));
      assertThat(read.samples()).hasSize(1);
      assertThat(read.refused())
          .containsExactly(
              "1 bad-label record at byte 36 has the label %s, which is not a whole number; number the identities 0, 1, 2 ..."
                  .formatted(label));
    }
  }

  @Test
  void theDigestFollowsTheFilesAndTheOptions() throws IOException {
    String before = digest("{path: train.rec}");
    Files.createDirectory(root.resolve("moved"));
    Files.copy(root.resolve("train.rec"), root.resolve("moved/other.rec"));
    Files.copy(root.resolve("train.idx"), root.resolve("moved/other.idx"));
    assertThat(digest("{path: moved/other.rec}")).isEqualTo(before);
    assertThat(digest("{path: train.rec, identity: none}")).isNotEqualTo(before);
    assertThat(digest("{path: train.rec, namespace: x}")).isNotEqualTo(before);
    Files.writeString(root.resolve("train.idx"), "\n", StandardOpenOption.APPEND);
    assertThat(digest("{path: train.rec}")).isNotEqualTo(before);
    records("train.rec", 1, 2, 4);
    assertThat(digest("{path: train.rec}")).isNotEqualTo(before);
  }

  @Test
  void theDigestOfAFileIsRememberedUntilItChanges() throws IOException {
    String cache = root.resolve("hashes.json").toString();
    PackedFile file = spec("{path: train.rec}").list().files().get(0);
    ContentHashes first = ContentHashes.load(cache);
    String digest = first.chunked(file.uri(), file.stamp());
    assertThat(digest)
        .isEqualTo(Sha256.hex(Sha256.of(Files.readAllBytes(root.resolve("train.rec")))));
    first.save(cache);
    Files.writeString(root.resolve("train.rec"), "changed behind the stamp");
    assertThat(ContentHashes.load(cache).chunked(file.uri(), file.stamp())).isEqualTo(digest);
    assertThat(ContentHashes.load(cache).chunked(file.uri(), "other")).isNotEqualTo(digest);
  }

  @Test
  void readsASetOfInsightFace() throws IOException {
    Path rec = RealData.path("formats/faces_cfp_112x112/train.rec");
    SourceSpec spec = spec("{path: '%s', namespace: cfp}".formatted(rec));
    ReadRange read = ReadRange.all(spec);
    assertThat(read.refused()).isEmpty();
    assertThat(read.samples()).hasSize(2363);
    assertThat(read.samples().stream().map(SourceSample::identity).distinct())
        .hasSize(169)
        .contains("cfp/0", "cfp/168");
    assertThat(read.images().stream().map(image -> Sha256.hex(image.encoded())).distinct())
        .as("twelve of them stand there twice")
        .hasSize(2351);
    assertThat(spec.list().images()).isBetween(1800L, 2900L);
  }
}
