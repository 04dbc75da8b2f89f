package io.facet.transforms.source.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.source.ChosenSource;
import io.facet.transforms.source.ContentHashes;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SampleReading;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.SourceSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What lies below folders of images: nothing vanishes without a word. */
class FolderListingTest {
  private static final byte[] PNG = FaceEncoder.png(new Pixels(4, 4, new byte[48]));

  @TempDir private Path root;

  @BeforeAll
  static void registerFileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  private Path write(String name, byte[] bytes) throws IOException {
    Path file = root.resolve("faces").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  private static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  private SourceSpec folder() {
    return spec("folder", "{path: faces}");
  }

  private SourceSpec spec(String key, String yaml) {
    return SourceSpec.training("mine", ChosenSource.of(key, yaml), 0, 1)
        .relativeTo(root.toString());
  }

  private SampleReading.Outcome read(SourceSpec spec, int sample) throws Exception {
    try (FaceSource.Images source = spec.open()) {
      return SampleReading.read(source, spec.list().samples().get(sample));
    }
  }

  @Test
  void imagesAreKnownByTheirContentAndTheRestIsCounted() throws Exception {
    for (String name : List.of("a/1.jpg", "a/2.jfif", "a/3.JPE", "a/4", "a/5.tmp")) {
      write(name, PNG);
    }
    write("a/6.gif", bytes("GIF89a...."));
    write("a/7.dat", bytes("II*\0...."));
    write("a/@eaDir/1.jpg", PNG);
    write("__MACOSX/a/1.jpg", PNG);
    write("a/notes.txt", bytes("BMI of people"));
    write("a/landmarks.csv", bytes("1,2"));
    write("Thumbs.db", bytes("\u00d0\u00cf\u0011\u00e0"));
    write(".DS_Store", bytes("x"));
    write("a/.hidden.jpg", PNG);
    write("a/empty.txt", bytes(""));
    SourceListing listing = folder().list();
    assertThat(listing.samples())
        .extracting(SourceSample::name)
        .containsExactly("a/1.jpg", "a/2.jfif", "a/3.JPE", "a/4", "a/5.tmp", "a/6.gif", "a/7.dat");
    assertThat(listing.skipped().text())
        .isEqualTo(
            "6 files skipped: 2 in a thumbnail folder (__MACOSX/a/1.jpg, a/@eaDir/1.jpg),"
                + " 4 no image (Thumbs.db, a/empty.txt, a/landmarks.csv, ...)");
    assertThat(read(folder(), 1)).isInstanceOf(SampleReading.Read.class);
    assertThat(read(folder(), 5))
        .extracting("reason", "detail")
        .containsExactly("unknown-type", "it is a GIF image; convert it to JPEG or PNG");
    assertThat(read(folder(), 6)).extracting("detail").asString().contains("TIFF");
  }

  @Test
  void whatStandsThereInsteadOfAnImageIsNamed() throws Exception {
    write("a/1.jpg", bytes("version https://git-lfs.github.com/spec/v1\noid sha256:1\n"));
    assertThat(read(folder(), 0))
        .extracting("reason", "detail")
        .satisfies(
            both -> {
              assertThat(both.get(0)).isEqualTo("unknown-type");
              assertThat(both.get(1)).asString().startsWith("it is a Git LFS pointer");
            });
  }

  @Test
  void brokenLinksAreMissingFilesAndLoopsAddNothing() throws Exception {
    write("a/1.jpg", PNG);
    Files.createSymbolicLink(root.resolve("faces/a/2.jpg"), root.resolve("nowhere.jpg"));
    Files.createSymbolicLink(root.resolve("faces/a/again"), root.resolve("faces"));
    assertThat(folder().list().samples())
        .extracting(SourceSample::name)
        .containsExactly("a/1.jpg", "a/2.jpg");
    assertThat(read(folder(), 1)).extracting("reason").isEqualTo("missing-file");
    assertThat(folder().contentDigest(folder().list(), new ContentHashes())).hasSize(128);
  }

  @Test
  void aFolderWithoutImagesSaysWhatItHolds() throws Exception {
    write("a/notes.txt", bytes("text"));
    assertThatThrownBy(() -> folder().list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no image found below this folder")
        .hasMessageContaining("1 file skipped: 1 no image (a/notes.txt)");
  }

  @ParameterizedTest
  @CsvSource({
    "Ann_0001.JPG, true",
    "Ann_0001.png, true",
    "ANN_0001.Jpeg, true",
    "Ann_0001.txt, false",
    "Bob_0001.jpg, false"
  })
  void listsFindTheOnlyFileThatIsAlike(String file, boolean found) throws Exception {
    write("Ann/" + file, PNG);
    write("Ann/Ann_0002.jpg", PNG);
    Files.writeString(
        root.resolve("pairs.csv"), "left,right,same\nAnn/Ann_0001.jpg,Ann/Ann_0002.jpg,1\n");
    SourceSpec pairs = spec("csv-pairs", "{pairs: pairs.csv, images: faces}");
    assertThat(pairs.list().samples())
        .extracting(SourceSample::name)
        .containsExactly("Ann/Ann_0001.jpg", "Ann/Ann_0002.jpg");
    if (found) {
      assertThat(read(pairs, 0)).isInstanceOf(SampleReading.Read.class);
    } else {
      assertThat(read(pairs, 0)).extracting("reason").isEqualTo("missing-file");
    }
  }

  @Test
  void whatCouldBeTwoFilesIsMissing() throws Exception {
    write("a/1.png", PNG);
    write("a/1.webp", PNG);
    Files.writeString(root.resolve("pairs.csv"), "left,right,same\na/1.jpg,a/1.png,1\n");
    SourceSpec pairs = spec("csv-pairs", "{pairs: pairs.csv, images: faces}");
    assertThat(read(pairs, 0)).extracting("reason").isEqualTo("missing-file");
  }

  @Test
  void peopleAreLeftOutByName() throws Exception {
    write("Ann/1.jpg", PNG);
    write(Normalizer.normalize("Zoë/1.jpg", Normalizer.Form.NFD), PNG);
    SourceSpec spec = spec("folder", "{path: faces, except: people.txt}");
    Path people = root.resolve("people.txt");
    Files.writeString(people, Normalizer.normalize("Zoë\nBob\n", Normalizer.Form.NFC));
    assertThat(spec.list().samples()).extracting(SourceSample::name).containsExactly("Ann/1.jpg");
    Files.writeString(people, "mine/Ann\n");
    assertThatThrownBy(spec::list)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("people.txt: 'mine/Ann'")
        .hasMessageContaining("without namespace");
    Files.writeString(people, "\n");
    assertThat(spec.list().samples()).hasSize(2);
  }

  @Test
  void accentsMayBeWrittenInTwoWays() {
    String composed = Normalizer.normalize("Zoë/1.jpg", Normalizer.Form.NFC);
    String apart = Normalizer.normalize(composed, Normalizer.Form.NFD);
    ListedImages files = new ListedImages(List.of(new StoredFiles.Listed("/z", apart, 1, 1)));
    assertThat(files.find(composed)).isNotNull();
    assertThat(apart).isNotEqualTo(composed);
  }
}
