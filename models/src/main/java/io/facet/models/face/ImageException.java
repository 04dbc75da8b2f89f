package io.facet.models.face;

import io.facet.models.DataException;

/** One image cannot be used; the reason is a code, so that callers can count it and go on. */
public class ImageException extends DataException {
  private static final long serialVersionUID = 1L;

  private final RejectReason reason;

  public ImageException(RejectReason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  public ImageException(RejectReason reason, String detail, Throwable cause) {
    super(detail, cause);
    this.reason = reason;
  }

  /** The reason code. */
  public RejectReason reason() {
    return reason;
  }
}
