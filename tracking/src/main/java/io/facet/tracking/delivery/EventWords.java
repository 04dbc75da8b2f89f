package io.facet.tracking.delivery;

import io.facet.tracking.journal.TrackingEvent;

/** What people call an event. */
final class EventWords {
  private EventWords() {}

  static String of(TrackingEvent event) {
    if (event instanceof TrackingEvent.ArtifactKept kept) {
      return "artifact " + kept.path();
    }
    if (event instanceof TrackingEvent.DatasetRead read) {
      return "dataset " + read.dataset().name();
    }
    if (event instanceof TrackingEvent.ModelRegistered made) {
      return "version of model " + made.version().model();
    }
    if (event instanceof TrackingEvent.VersionMarked marked) {
      return "mark of model " + marked.mark().model();
    }
    if (event instanceof TrackingEvent.ModelLogged logged) {
      return "logged model " + logged.model().name();
    }
    if (event instanceof TrackingEvent.ModelMeasured measured) {
      return "figures of a logged model on " + measured.dataset().name();
    }
    if (event instanceof TrackingEvent.ModelReady) {
      return "the end of a logged model";
    }
    return event instanceof TrackingEvent.RunStarted ? "the run's start" : "the run's end";
  }
}
