/**
 * Changes of training crops, drawn anew for each crop and epoch. The student alone sees them: a
 * teacher, cached or live, sees the same crop without them, mirrored when the student's is.
 */
package io.facet.models.train.augment;
