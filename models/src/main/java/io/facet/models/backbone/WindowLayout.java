package io.facet.models.backbone;

import java.util.Arrays;

/**
 * Where tokens go when a square grid is shifted in a circle and cut into windows, each followed by
 * a copy of the sample's prompts (Liu et al. 2021, Swin; prompts as in VPT).
 *
 * @param windows number of windows
 * @param size tokens of a window together with prompts
 * @param gather for each token of each window, window by window, its place among the grid's tokens
 *     row by row followed by the prompts
 * @param scatter for each token of the grid, its place among the windows' tokens
 * @param positions for each pair (query, key) within a window, its row of the table of relative
 *     positions; the row behind the table for pairs with a prompt
 * @param mask for each window and pair, 0 or the penalty of pairs that are not neighbours in the
 *     image; null without shift
 */
record WindowLayout(
    int windows, int size, long[] gather, long[] scatter, long[] positions, float[] mask) {
  private static final float APART = -100;

  /** Rows of the table of relative positions. */
  static int tableRows(int window) {
    return (2 * window - 1) * (2 * window - 1);
  }

  /**
   * @param side of the grid, a multiple of the window
   * @param window side of a window
   * @param shift rows and columns the grid moves up and left
   * @param prompts number of prompts
   */
  static WindowLayout of(int side, int window, int shift, int prompts) {
    int across = side / window;
    int windows = across * across;
    int area = window * window;
    int size = area + prompts;
    long[] gather = new long[windows * size];
    long[] scatter = new long[side * side];
    int[] regions = new int[windows * area];
    for (int w = 0; w < windows; w++) {
      for (int i = 0; i < area; i++) {
        int row = w / across * window + i / window;
        int column = w % across * window + i % window;
        int token = (row + shift) % side * side + (column + shift) % side;
        gather[w * size + i] = token;
        scatter[token] = w * size + i;
        regions[w * area + i] =
            3 * region(row, side, window, shift) + region(column, side, window, shift);
      }
      for (int p = 0; p < prompts; p++) {
        gather[w * size + area + p] = side * side + p;
      }
    }
    float[] mask = shift == 0 ? null : mask(regions, windows, area, size);
    return new WindowLayout(windows, size, gather, scatter, positions(window, size), mask);
  }

  /** Part of the shifted grid: 0 whole windows, 1 old border, 2 what came round from the start. */
  private static int region(int line, int side, int window, int shift) {
    if (line < side - window) {
      return 0;
    }
    return line < side - shift ? 1 : 2;
  }

  private static float[] mask(int[] regions, int windows, int area, int size) {
    float[] mask = new float[windows * size * size];
    for (int w = 0; w < windows; w++) {
      for (int query = 0; query < area; query++) {
        for (int key = 0; key < area; key++) {
          if (regions[w * area + query] != regions[w * area + key]) {
            mask[(w * size + query) * size + key] = APART;
          }
        }
      }
    }
    return mask;
  }

  private static long[] positions(int window, int size) {
    int area = window * window;
    long[] positions = new long[size * size];
    Arrays.fill(positions, tableRows(window));
    for (int query = 0; query < area; query++) {
      for (int key = 0; key < area; key++) {
        int rows = query / window - key / window + window - 1;
        int columns = query % window - key % window + window - 1;
        positions[query * size + key] = (long) rows * (2 * window - 1) + columns;
      }
    }
    return positions;
  }
}
