package io.facet.pipelines.artifact;

import io.facet.transforms.attempt.AttemptFolder;

/** One try at making an artifact, and the lease that keeps others off it. */
public final class Attempt {
  private final String stage;
  private final String fingerprint;
  private final AttemptFolder folder;
  private final boolean resumed;
  private final int leaseNumber;
  private volatile Lease lease;
  private volatile boolean lost;

  Attempt(
      String stage,
      String fingerprint,
      AttemptFolder folder,
      boolean resumed,
      int leaseNumber,
      Lease lease) {
    this.stage = stage;
    this.fingerprint = fingerprint;
    this.folder = folder;
    this.resumed = resumed;
    this.leaseNumber = leaseNumber;
    this.lease = lease;
  }

  /** What workers see of it. */
  public AttemptFolder folder() {
    return folder;
  }

  /** Whether it was begun by somebody else and holds checkpoints. */
  public boolean resumed() {
    return resumed;
  }

  String stage() {
    return stage;
  }

  String fingerprint() {
    return fingerprint;
  }

  /** Last part of the folder's URI, {@code attempt-UUID}. */
  String name() {
    String uri = folder.uri().replaceAll("/+$", "");
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  int leaseNumber() {
    return leaseNumber;
  }

  Lease lease() {
    return lease;
  }

  void renewed(Lease later) {
    this.lease = later;
  }

  boolean lost() {
    return lost;
  }

  void lose() {
    this.lost = true;
  }
}
