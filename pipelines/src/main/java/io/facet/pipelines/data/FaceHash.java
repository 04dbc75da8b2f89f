package io.facet.pipelines.data;

import io.facet.models.face.Pixels;

/**
 * Perceptual hash of a picture or an aligned face: whether each cell of a grid of mean greys is
 * darker than its right neighbour (dHash). Faces are all alike at 8x8 cells, so that finds
 * candidates and 16x16 cells decide; the same picture encoded or scaled anew keeps nearly all bits.
 *
 * @param coarse 64 bits
 * @param fine 256 bits
 */
@SuppressWarnings("ArrayRecordComponent")
record FaceHash(long coarse, long[] fine) {
  static final int FINE_WORDS = 4;

  private static final int COARSE = 8;
  private static final int FINE = 16;

  /** Of a picture of any size. */
  static FaceHash of(Pixels crop) {
    return new FaceHash(bits(crop, COARSE)[0], bits(crop, FINE));
  }

  private static long[] bits(Pixels crop, int cells) {
    double[][] means = means(crop, cells + 1, cells);
    long[] bits = new long[cells * cells / Long.SIZE];
    for (int y = 0; y < cells; y++) {
      for (int x = 0; x < cells; x++) {
        if (means[y][x] < means[y][x + 1]) {
          int bit = y * cells + x;
          bits[bit / Long.SIZE] |= 1L << (bit % Long.SIZE);
        }
      }
    }
    return bits;
  }

  /** Mean luma of each cell of a grid. */
  private static double[][] means(Pixels crop, int columns, int rows) {
    double[][] sums = new double[rows][columns];
    int[][] counts = new int[rows][columns];
    byte[] bgr = crop.bgr();
    for (int y = 0; y < crop.height(); y++) {
      int row = y * rows / crop.height();
      for (int x = 0; x < crop.width(); x++) {
        int column = x * columns / crop.width();
        int at = 3 * (y * crop.width() + x);
        sums[row][column] +=
            0.114 * (bgr[at] & 0xff) + 0.587 * (bgr[at + 1] & 0xff) + 0.299 * (bgr[at + 2] & 0xff);
        counts[row][column]++;
      }
    }
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        sums[row][column] /= Math.max(1, counts[row][column]);
      }
    }
    return sums;
  }

  /** Bits in which two fine hashes differ, 0..256. */
  static int distance(long[] fine, int one, int other) {
    int bits = 0;
    for (int word = 0; word < FINE_WORDS; word++) {
      bits += Long.bitCount(fine[one * FINE_WORDS + word] ^ fine[other * FINE_WORDS + word]);
    }
    return bits;
  }
}
