package io.facet.transforms.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.models.format.NamedPair;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.testing.PackedImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same images and the same pairs in different formats. */
class EqualImagesTest {
  private static final int PAIRS = 20;

  @TempDir private Path root;
  private final List<byte[]> images = new ArrayList<>();
  private final List<Boolean> same = new ArrayList<>();

  @BeforeAll
  static void registerFileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  /** Pairs of one person first, as lists often have them. */
  @BeforeEach
  void write() throws IOException {
    StringBuilder csv = new StringBuilder("left,right,same\n");
    StringBuilder lfw = new StringBuilder("%d\n".formatted(PAIRS / 2));
    for (int i = 0; i < 2 * PAIRS; i++) {
      byte[] bgr = new byte[16 * 16 * 3];
      Arrays.fill(bgr, (byte) (5 * i));
      byte[] png = FaceEncoder.png(new Pixels(16, 16, bgr));
      images.add(png);
      Path file = root.resolve("images/p%02d/p%02d_0001.png".formatted(i, i));
      Files.createDirectories(file.getParent());
      Files.write(file, png);
    }
    for (int pair = 0; pair < PAIRS; pair++) {
      same.add(pair < PAIRS / 2);
      csv.append(
          "p%02d/p%02d_0001.png,p%02d/p%02d_0001.png,%s\n"
              .formatted(2 * pair, 2 * pair, 2 * pair + 1, 2 * pair + 1, same.get(pair) ? 1 : 0));
    }
    for (int pair = 0; pair < PAIRS; pair++) {
      lfw.append(
          same.get(pair)
              ? "p%02d\t1\t1\n".formatted(2 * pair)
              : "p%02d\t1\tp%02d\t1\n".formatted(2 * pair, 2 * pair + 1));
    }
    Files.writeString(root.resolve("pairs.csv"), csv);
    Files.writeString(root.resolve("pairs.txt"), lfw);
    PackedImages.bin(root.resolve("set [1].bin"), images, same);
    List<Float> labels = new ArrayList<>();
    images.forEach(image -> labels.add((float) labels.size()));
    PackedImages.recordIo(root.resolve("train.rec"), images, labels);
  }

  private SourceSpec source(String key, String yaml) {
    return SourceSpec.training("mine", ChosenSource.of(key, yaml), 0, 1)
        .relativeTo(root.toString());
  }

  private SourceSpec bin() {
    return source("bin", "{path: 'set [1].bin'}");
  }

  private SourceSpec records() {
    return source("recordio", "{path: train.rec}");
  }

  /** SHA-256 of all images of a source. */
  private static Set<String> contents(SourceSpec spec) throws IOException {
    Set<String> contents = new TreeSet<>();
    SourceListing listing = spec.list();
    try (FaceSource.Images open = spec.open()) {
      for (SourceSample sample : listing.samples()) {
        contents.add(Sha256.hex(open.read(sample).encoded()));
      }
    }
    ReadRange.all(spec).images().forEach(image -> contents.add(Sha256.hex(image.encoded())));
    return contents;
  }

  @Test
  void haveEqualContents() throws IOException {
    Set<String> folder = contents(source("folder", "{path: images}"));
    assertThat(folder).hasSize(2 * PAIRS).contains(Sha256.hex(images.get(0)));
    assertThat(contents(bin())).isEqualTo(folder);
    assertThat(contents(records())).isEqualTo(folder);
  }

  @Test
  void haveEqualFolds() throws IOException {
    List<Integer> csv = folds("csv-pairs", "{pairs: pairs.csv, images: images}");
    assertThat(csv)
        .isEqualTo(folds("bin", "{path: 'set [1].bin'}"))
        .isEqualTo(folds("lfw-pairs", "{pairs: pairs.txt, images: images, extension: png}"));
    Map<Integer, Long> counts = new TreeMap<>();
    csv.forEach(fold -> counts.merge(fold, 1L, Long::sum));
    assertThat(counts).hasSize(10).allSatisfy((fold, count) -> assertThat(count).isEqualTo(2));
  }

  private List<Integer> folds(String key, String yaml) throws IOException {
    return source(key, yaml).list().pairs().stream().map(NamedPair::fold).toList();
  }

  @Test
  void hashesInsideAFileAreRememberedUntilItChanges() throws IOException {
    String cache = root.resolve("cache/hashes.json").toString();
    SourceSpec spec = bin();
    String before = spec.contentDigest(spec.list(), ContentHashes.load(cache));
    SourceSample sample = spec.list().samples().get(3);
    ContentHashes second = ContentHashes.load(cache);
    ContentHashes.Reading again =
        () -> {
          throw new IOException("read again");
        };
    assertThat(second.inside(sample.uri(), sample.stamp(), sample.record(), again))
        .isEqualTo(Sha256.hex(images.get(3)));
    assertThatThrownBy(() -> second.inside(sample.uri(), "another version", sample.record(), again))
        .hasMessage("read again");
    assertThat(spec.contentDigest(spec.list(), second)).isEqualTo(before);
  }
}
