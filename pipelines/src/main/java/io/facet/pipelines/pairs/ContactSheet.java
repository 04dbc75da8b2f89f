package io.facet.pipelines.pairs;

import io.facet.models.face.Pixels;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Both aligned faces of pairs, two pairs a line, with error, score and names below. */
public final class ContactSheet {
  private static final int FACE = 112;
  private static final int GAP = 8;
  private static final int LINE = 14;
  private static final int LETTERS = 36;
  private static final int CELL_WIDTH = 2 * FACE + 3 * GAP;
  private static final int CELL_HEIGHT = FACE + 2 * GAP + 3 * LINE;
  private static final int COLUMNS = 3;

  private ContactSheet() {}

  /** Draws a sheet as PNG; a face that is no longer in the store stays grey. */
  public static byte[] png(List<PairErrors.Pair> pairs, FaceCrops faces) {
    int lines = Math.max(1, (pairs.size() + COLUMNS - 1) / COLUMNS);
    BufferedImage sheet =
        new BufferedImage(COLUMNS * CELL_WIDTH, lines * CELL_HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D drawing = sheet.createGraphics();
    drawing.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    drawing.setColor(Color.WHITE);
    drawing.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    drawing.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    for (int i = 0; i < pairs.size(); i++) {
      int x = i % COLUMNS * CELL_WIDTH;
      int y = i / COLUMNS * CELL_HEIGHT;
      cell(drawing, pairs.get(i), faces, x + GAP, y + GAP);
    }
    drawing.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(sheet, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot draw a sheet", e);
    }
    return bytes.toByteArray();
  }

  private static void cell(
      Graphics2D drawing, PairErrors.Pair pair, FaceCrops faces, int x, int y) {
    face(drawing, faces.pixels(pair.row().leftFaceId()), x, y);
    face(drawing, faces.pixels(pair.row().rightFaceId()), x + FACE + GAP, y);
    drawing.setColor(Color.BLACK);
    int text = y + FACE + LINE;
    drawing.drawString(pair.error() + " " + pair.score(), x, text);
    drawing.drawString(end(pair.left()), x, text + LINE);
    drawing.drawString(end(pair.right()), x, text + 2 * LINE);
  }

  private static void face(Graphics2D drawing, Optional<Pixels> pixels, int x, int y) {
    if (pixels.isPresent()) {
      drawing.drawImage(image(pixels.get()), x, y, FACE, FACE, null);
    } else {
      drawing.setColor(Color.LIGHT_GRAY);
      drawing.fillRect(x, y, FACE, FACE);
    }
  }

  private static BufferedImage image(Pixels pixels) {
    BufferedImage image =
        new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_3BYTE_BGR);
    byte[] data = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    System.arraycopy(pixels.bgr(), 0, data, 0, data.length);
    return image;
  }

  /** The end of a long name says more than its beginning. */
  private static String end(String name) {
    return name.length() <= LETTERS ? name : "…" + name.substring(name.length() - LETTERS + 1);
  }
}
