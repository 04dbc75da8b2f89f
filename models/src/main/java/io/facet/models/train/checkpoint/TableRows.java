package io.facet.models.train.checkpoint;

/**
 * Some rows of a table that is too large to be in memory twice; a checkpoint holds such tables row
 * by row, a piece at a time.
 *
 * @param table its name
 * @param rows positions of the rows
 * @param values row after row
 */
@SuppressWarnings("ArrayRecordComponent")
public record TableRows(String table, int[] rows, float[] values) {}
