package io.facet.models.backbone;

/** What follows a convolution and its normalisation. */
enum Activation {
  /** Nothing: a linear unit. */
  NONE,
  /** A trained slope a channel below zero. */
  PRELU,
  /** max(x, 0). */
  RELU,
  /** min(max(x, 0), 6). */
  RELU6
}
