package io.facet.transforms.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.facet.models.DataException;
import io.facet.models.face.ImageLimits;
import io.facet.models.face.ImageProbe;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.testing.RealData;
import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceSpecTest {
  @TempDir private Path root;

  @BeforeAll
  static void registerFileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  @BeforeEach
  void writeImages() throws Exception {
    for (String name :
        List.of("anna/1.jpg", "anna/side/2.JPG", "bea/1.png", "bea/notes.txt", ".trash/x/1.jpg")) {
      write("faces/" + name, "image " + name);
    }
  }

  private void write(String name, String content) throws Exception {
    Files.createDirectories(root.resolve(name).getParent());
    Files.writeString(root.resolve(name), content);
  }

  /** A source with options as recipes write them. */
  private SourceSpec spec(String key, String yaml) {
    return SourceSpec.training("mine", ChosenSource.of(key, yaml), 0.3, 7)
        .relativeTo(root.toString());
  }

  @Test
  void aFolderTakesIdentitiesFromItsFirstDirectories() throws Exception {
    SourceListing listing = spec("folder", "{path: faces, namespace: home}").list();
    assertThat(listing.samples())
        .extracting(SourceSample::name, SourceSample::identity)
        .containsExactly(
            tuple("anna/1.jpg", "home/anna"),
            tuple("anna/side/2.JPG", "home/anna"),
            tuple("bea/1.png", "home/bea"));
    assertThat(listing.identities()).containsExactly("home/anna", "home/bea");
    assertThat(listing.pairs()).isEmpty();
  }

  @Test
  void foldersMayHaveAnyName() throws Exception {
    write("my [faces] {2} *?/anna/1 [copy].jpg", "x");
    SourceSpec spec = spec("folder", "{path: 'my [faces] {2} *?'}");
    SourceListing listing = spec.list();
    assertThat(listing.samples())
        .extracting(SourceSample::name)
        .containsExactly("anna/1 [copy].jpg");
    try (FaceSource.Images images = spec.open()) {
      assertThat(images.read(listing.samples().get(0)).encoded()).asString().isEqualTo("x");
    }
  }

  @Test
  void unlabelledFoldersNeedToSaySo() throws Exception {
    write("faces/stray.jpg", "x");
    assertThatThrownBy(() -> spec("folder", "{path: faces}").list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("stray.jpg: stands directly in the source's folder");
    assertThat(spec("folder", "{path: faces, identity: none}").list().identities()).isEmpty();
  }

  @Test
  void anEmptyFolderIsRefused() {
    assertThatThrownBy(() -> spec("folder", "{path: faecs}").list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("faecs: no image found");
  }

  @Test
  void pairListsListEachImageOnceAndMissingOnesToo() throws Exception {
    write("pairs.csv", "left,right,same\nanna/1.jpg,bea/1.png,0\nanna/1.jpg,anna/gone.jpg,1\n");
    SourceListing listing = spec("csv-pairs", "{pairs: pairs.csv, images: faces}").list();
    assertThat(listing.samples())
        .extracting(SourceSample::name)
        .containsExactly("anna/1.jpg", "anna/gone.jpg", "bea/1.png");
    assertThat(listing.pairs()).hasSize(2);
    assertThatThrownBy(() -> spec("csv-pairs", "{pairs: gone.csv, images: faces}").list())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("gone.csv: pair list not found");
  }

  @Test
  void lfwListsNameImagesByNumber() throws Exception {
    write("lfw/Anna/Anna_0001.jpg", "1");
    write("lfw/Anna/Anna_0002.jpg", "2");
    write("lfw/Bea/Bea_0001.jpg", "3");
    write("pairs.txt", "1 1\nAnna 1 2\nAnna 1 Bea 1\n");
    SourceSpec spec = spec("lfw-pairs", "{pairs: pairs.txt, images: lfw}");
    SourceListing listing = spec.list();
    assertThat(listing.identities()).containsExactly("Anna", "Bea");
    assertThat(spec.open().read(listing.samples().get(1)).encoded()).asString().isEqualTo("2");
  }

  @Test
  void packedSetsOfInsightFaceAreListedAndRead() throws Exception {
    Path bin = RealData.path("formats/lfw_dev_f1.bin");
    SourceSpec verification = spec("bin", "{path: '%s'}".formatted(bin));
    SourceListing pairs = verification.list();
    assertThat(pairs.pairs()).hasSize(600).filteredOn(pair -> pair.same()).hasSize(300);
    try (FaceSource.Images images = verification.open()) {
      SourceSample last = pairs.samples().get(pairs.samples().size() - 1);
      assertThat(ImageProbe.probe(images.read(last).encoded(), ImageLimits.STANDARD).width())
          .isEqualTo(112);
    }
  }

  @Test
  void readingAMissingImageSaysSo() throws Exception {
    SourceSpec spec = spec("folder", "{path: faces}");
    SourceSample sample = spec.list().samples().get(0);
    Files.delete(root.resolve("faces/anna/1.jpg"));
    assertThatThrownBy(() -> spec.open().read(sample)).isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void specsTravelToWorkers() throws Exception {
    SourceSpec spec = spec("folder", "{path: faces}");
    assertThat(SerializableUtils.ensureSerializable(spec).list().samples()).hasSize(3);
  }

  @Test
  void theContentDigestFollowsContentsAndNotPlaces() throws Exception {
    SourceSpec spec = spec("folder", "{path: faces}");
    String before = spec.contentDigest(spec.list(), new ContentHashes());

    Files.move(root.resolve("faces"), root.resolve("moved"));
    SourceSpec moved = spec("folder", "{path: moved}");
    assertThat(moved.contentDigest(moved.list(), new ContentHashes())).isEqualTo(before);

    write("moved/anna/1.jpg", "another image");
    assertThat(moved.contentDigest(moved.list(), new ContentHashes())).isNotEqualTo(before);
    write("moved/anna/1.jpg", "image anna/1.jpg");
    assertThat(moved.contentDigest(moved.list(), new ContentHashes())).isEqualTo(before);
    write("moved/cleo/1.jpg", "image anna/1.jpg");
    assertThat(moved.contentDigest(moved.list(), new ContentHashes())).isNotEqualTo(before);
  }

  @Test
  void hashesAreRememberedUntilTheFileChanges() throws Exception {
    Path file = root.resolve("faces/anna/1.jpg");
    String cache = root.resolve("hashes.json").toString();
    ContentHashes first = ContentHashes.load(cache);
    String hash = first.sha256(file.toString(), "stamp");
    first.save(cache);
    Files.writeString(file, "changed behind the stamp");
    assertThat(ContentHashes.load(cache).sha256(file.toString(), "stamp")).isEqualTo(hash);
    assertThat(ContentHashes.load(cache).sha256(file.toString(), "other")).isNotEqualTo(hash);
    assertThat(ContentHashes.load(cache).sha256(file.toString(), "")).isNotEqualTo(hash);
    Files.writeString(Path.of(cache), "{spoilt");
    assertThat(ContentHashes.load(cache).sha256(file.toString(), "stamp")).isNotEqualTo(hash);
    Files.delete(file);
    assertThat(new ContentHashes().sha256(file.toString(), "")).isEqualTo(ContentHashes.MISSING);
  }

  @Test
  void aChangedTimeChangesTheStamp() throws Exception {
    SourceSpec spec = spec("folder", "{path: faces}");
    String before = spec.list().samples().get(0).stamp();
    Files.setLastModifiedTime(root.resolve("faces/anna/1.jpg"), FileTime.fromMillis(12345000));
    assertThat(spec.list().samples().get(0).stamp()).isNotEqualTo(before);
  }

  @Test
  void validationTakesItsShareOfIdentitiesAndNobodyMoves() {
    SourceSpec spec = spec("folder", "{path: faces}");
    long kept = 0;
    for (int i = 0; i < 2000; i++) {
      String split = spec.splitOf("person" + i);
      assertThat(spec.splitOf("person" + i)).isEqualTo(split);
      kept += split.equals(SampleRow.VALIDATION) ? 1 : 0;
    }
    assertThat(kept).isBetween(540L, 660L);
    SourceSpec larger =
        SourceSpec.training("mine", spec.source(), 0.6, 7).relativeTo(root.toString());
    for (int i = 0; i < 200; i++) {
      if (spec.splitOf("person" + i).equals(SampleRow.VALIDATION)) {
        assertThat(larger.splitOf("person" + i)).isEqualTo(SampleRow.VALIDATION);
      }
    }
  }

  @Test
  void locationsResolveAgainstTheRootUnlessAbsolute() {
    assertThat(Locations.resolve("data", "x/y")).isEqualTo("data/x/y");
    assertThat(Locations.resolve("s3://bucket/", "x")).isEqualTo("s3://bucket/x");
    assertThat(Locations.resolve("data", "/x")).isEqualTo("/x");
    assertThat(Locations.resolve("data", "s3://bucket/x")).isEqualTo("s3://bucket/x");
    assertThat(Locations.resolve("", "x")).isEqualTo("x");
  }
}
