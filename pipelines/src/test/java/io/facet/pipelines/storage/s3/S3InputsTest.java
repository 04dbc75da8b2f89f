package io.facet.pipelines.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.face.AlignedImages;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.transforms.file.LocalCopies;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.source.ChosenSource;
import io.facet.transforms.source.ContentHashes;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.ReadRange;
import io.facet.transforms.source.SourceImage;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.SourceSpec;
import io.facet.transforms.source.format.FolderSource;
import io.facet.transforms.testing.PackedImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recipe reads may lie on S3. */
class S3InputsTest {
  private static final String ROOT = "s3://" + S3StandIn.BUCKET + "/data";

  private S3StandIn server;
  private S3Access access;

  @BeforeEach
  void start() throws IOException {
    server = S3StandIn.start();
    access = S3Access.to(server.endpoint(), S3StandIn.ACCESS_KEY, S3StandIn.SECRET_KEY);
  }

  @AfterEach
  void stop() {
    access.close();
    server.close();
  }

  @Test
  void aFolderOfImagesIsListedAndRead() throws Exception {
    byte[] image = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 1};
    StoredFiles.write(ROOT + "/faces/ada/1.jpg", image);
    StoredFiles.write(ROOT + "/faces/ada/2.jpg", image);
    StoredFiles.write(ROOT + "/faces/bob/1.jpg", image);
    SourceSpec spec = SourceSpec.training("mine", folder(), 0, 1).relativeTo(ROOT);

    SourceListing listing = spec.list();

    assertThat(listing.samples()).hasSize(3);
    assertThat(listing.identities()).containsExactlyInAnyOrder("ada", "bob");
    try (FaceSource.Images images = spec.open()) {
      assertThat(images.read(listing.samples().get(0)).encoded()).isEqualTo(image);
    }
  }

  @Test
  void aRecordFileIsReadFromWithin(@TempDir Path local) throws Exception {
    List<byte[]> images = List.of(new byte[] {1, 9}, new byte[] {2}, new byte[] {3, 7, 7});
    Path rec = PackedImages.recordIo(local.resolve("train.rec"), images, List.of(1f, 2f, 1f));
    for (String name : List.of("train.rec", "train.idx")) {
      StoredFiles.write(ROOT + "/" + name, Files.readAllBytes(rec.resolveSibling(name)));
    }
    for (String path : List.of("train.rec", "tr*.rec")) {
      SourceSpec spec =
          SourceSpec.training(
                  "mine", ChosenSource.of("recordio", "{path: '%s'}".formatted(path)), 0, 1)
              .relativeTo(ROOT);
      ReadRange read = ReadRange.all(spec);
      assertThat(read.refused()).as(path).isEmpty();
      assertThat(read.samples()).extracting(SourceSample::identity).containsExactly("1", "2", "1");
      assertThat(read.images()).extracting(SourceImage::encoded).containsExactlyElementsOf(images);
      ContentHashes hashes = new ContentHashes();
      String digest = spec.contentDigest(spec.list(), hashes);
      hashes.save(ROOT + "/hashes");
      ContentHashes kept = ContentHashes.load(ROOT + "/hashes");
      assertThat(spec.contentDigest(spec.list(), kept)).isEqualTo(digest);
    }
  }

  @Test
  void aFileIsFetchedOnceAVersion() throws IOException {
    String uri = ROOT + "/detector.onnx";
    StoredFiles.write(uri, new byte[] {1, 2});
    Path copy = Path.of(LocalCopies.of(uri));
    assertThat(copy).hasBinaryContent(new byte[] {1, 2}).hasFileName("detector.onnx");
    assertThat(LocalCopies.of(uri)).isEqualTo(copy.toString());

    StoredFiles.write(uri, new byte[] {3, 4, 5});
    Path next = Path.of(LocalCopies.of(uri));
    assertThat(next).isNotEqualTo(copy).hasBinaryContent(new byte[] {3, 4, 5});
    assertThatThrownBy(() -> LocalCopies.of(ROOT + "/none.onnx"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(ROOT + "/none.onnx: there is no such file");
    Files.delete(copy);
    Files.delete(next);
  }

  private static Selected<FaceSource<?>> folder() {
    FolderSource.Options options =
        new FolderSource.Options(
            "faces",
            "",
            FolderSource.Identity.FIRST_DIRECTORY,
            Optional.empty(),
            AlignedImages.AUTO);
    return RecordBinder.select(FaceSource.class, "folder", options);
  }
}
