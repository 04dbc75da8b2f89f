package io.facet.pipelines.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.face.ImageDecoder;
import io.facet.models.face.Pixels;
import io.facet.models.face.synthetic.SyntheticFaces;
import io.facet.models.face.synthetic.SyntheticOptions;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;

/** Copies of a picture are found, other pictures are not, and not by comparing all with all. */
class NearFacesTest {
  private static final SyntheticFaces FACES =
      new SyntheticFaces(3, new SyntheticOptions(112, 1.4, 0.5, 0.75, 1.2, 0.65, 0, 0.5));

  private static Pixels face(int person, int shot) {
    return ImageDecoder.decode(FACES.photograph(person, shot).jpeg());
  }

  /** The same picture as a JPEG of low quality. */
  private static Pixels encodedAnew(int person, int shot) throws IOException {
    BufferedImage image =
        ImageIO.read(new ByteArrayInputStream(FACES.photograph(person, shot).jpeg()));
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
    ImageWriteParam quality = writer.getDefaultWriteParam();
    quality.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    quality.setCompressionQuality(0.4f);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), quality);
    }
    writer.dispose();
    return ImageDecoder.decode(bytes.toByteArray());
  }

  @Test
  void aCopyEncodedAnewIsFoundAmongOtherPicturesOfThePerson() throws IOException {
    NearFaces faces = new NearFaces();
    for (int person = 0; person < 10; person++) {
      for (int shot = 0; shot < 4; shot++) {
        faces.add(FaceHash.of(face(person, shot)));
      }
    }
    faces.add(FaceHash.of(encodedAnew(3, 2)));

    assertThat(faces.groups()).containsExactly(List.of(14, 40));
  }

  @Test
  void farFewerPairsAreComparedThanThereAre() {
    SplittableRandom random = new SplittableRandom(1);
    NearFaces faces = new NearFaces();
    int count = 20_000;
    for (int i = 0; i < count; i++) {
      faces.add(random(random));
    }
    assertThat(faces.groups()).isEmpty();
    assertThat(faces.compared()).isLessThan(count / 100L * count / 2);
  }

  /** A crawl's placeholder stands in it a thousand times. */
  @Test
  void equalPicturesAreOneGroupWithoutBeingCompared() {
    SplittableRandom random = new SplittableRandom(2);
    FaceHash one = random(random);
    NearFaces faces = new NearFaces();
    for (int i = 0; i < 5000; i++) {
      faces.add(one);
    }
    faces.add(random(random));

    List<List<Integer>> groups = faces.groups();

    assertThat(groups).hasSize(1);
    assertThat(groups.get(0)).hasSize(5000);
    assertThat(faces.compared()).isLessThan(10);
  }

  /** Any three bits of the coarse hash may differ. */
  @Test
  void bitsMayDifferWhereverTheyAre() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 200; i++) {
      FaceHash one = random(random);
      long changed = one.coarse();
      while (Long.bitCount(changed ^ one.coarse()) < NearFaces.COARSE_BITS) {
        changed ^= 1L << random.nextInt(Long.SIZE);
      }
      NearFaces faces = new NearFaces();
      faces.add(one);
      faces.add(new FaceHash(changed, one.fine().clone()));
      assertThat(faces.groups()).hasSize(1);
    }
  }

  private static FaceHash random(SplittableRandom random) {
    long[] fine = random.longs(FaceHash.FINE_WORDS).toArray();
    return new FaceHash(random.nextLong(), fine);
  }
}
