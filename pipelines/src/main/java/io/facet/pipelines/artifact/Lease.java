package io.facet.pipelines.artifact;

import io.facet.models.option.RecordBinder;
import io.facet.pipelines.ProcessIdentity;
import java.time.Instant;
import java.util.UUID;

/**
 * Who works on an attempt and until when nobody else may. Kept in the attempt folder as {@code
 * lease/NUMBER.json}; the highest number holds, so that taking over is creating the next one.
 *
 * @param owner random name of the holder
 * @param holder its process
 * @param expires milliseconds since 1970
 */
record Lease(String owner, ProcessIdentity holder, long expires) {

  /** A lease of this process. */
  static Lease ofThisProcess(String owner, Instant expires) {
    return new Lease(owner, ProcessIdentity.current(), expires.toEpochMilli());
  }

  /** The lease of nobody known, until then. */
  static Lease unknown(long expires) {
    return new Lease("", new ProcessIdentity("", 0, 0), expires);
  }

  static String newOwner() {
    return UUID.randomUUID().toString();
  }

  Lease until(Instant time) {
    return new Lease(owner, holder, time.toEpochMilli());
  }

  /** Over, or its process is gone from this machine. */
  boolean expired(Instant now) {
    return now.toEpochMilli() >= expires || (holder.isHere() && holder.handle().isEmpty());
  }

  String json() {
    return RecordBinder.toJson(this);
  }

  static Lease parse(String json) {
    return RecordBinder.bindJson(Lease.class, json);
  }
}
