package io.facet.pipelines.doctor;

import io.facet.models.DataException;
import io.facet.models.embed.Embedder;
import io.facet.models.face.FaceTemplate;
import io.facet.models.face.Pixels;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

/**
 * An imported teacher: its file opens, and embeds a face into as many numbers as the recipe says.
 *
 * @param teacher its name in the recipe
 * @param width of its embeddings, if the recipe says it
 * @param opening opens it
 */
public record TeacherCheck(String teacher, OptionalInt width, Callable<Embedder> opening)
    implements Check {
  private static final byte GREY = 127;

  @Override
  public String name() {
    return "teacher";
  }

  @Override
  public String look() throws Exception {
    try (Embedder embedder = opening.call()) {
      if (width.isPresent() && width.getAsInt() != embedder.embeddingSize()) {
        throw new DataException(
            "'%s' gives embeddings of %d numbers, the recipe says %d; correct 'embedding'"
                .formatted(teacher, embedder.embeddingSize(), width.getAsInt()));
      }
      for (float value : embedder.embed(List.of(grey()))[0]) {
        if (!Float.isFinite(value)) {
          throw new DataException(
              "'%s' gives %s for a grey image; its file is damaged or its input is another one"
                  .formatted(teacher, value));
        }
      }
      return "'%s' gives embeddings of %d numbers".formatted(teacher, embedder.embeddingSize());
    }
  }

  /** A crop of the template, all of one colour. */
  private static Pixels grey() {
    FaceTemplate template = FaceTemplate.ARCFACE_112;
    byte[] bgr = new byte[template.width() * template.height() * 3];
    Arrays.fill(bgr, GREY);
    return new Pixels(template.width(), template.height(), bgr);
  }

  @Override
  public String cure() {
    return "correct the teacher's section of the recipe or get the right file";
  }
}
