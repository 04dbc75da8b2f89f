package io.facet.models.distill.ukd;

/** Which samples count more in ILED. */
public enum HardMining {
  /** Samples whose error lies above the running mean weigh more. */
  THRESHOLD,
  /** Only the samples with the largest errors count. */
  TOPK,
  /** All samples count alike: feature consistency. */
  NONE
}
