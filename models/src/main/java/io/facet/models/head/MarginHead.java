package io.facet.models.head;

import io.facet.models.option.Extension;

/** A softmax over identities: ArcFace, CosFace, AdaFace, combined margin, plain softmax. */
public interface MarginHead<O extends Record> extends Extension<O> {
  /** A session for one run; its owner initialises its buffers and closes it. */
  HeadSession open(O options);
}
