package io.facet.transforms.ingest;

import io.facet.transforms.shared.SharedModels;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SourceSpec;
import java.util.ArrayList;
import java.util.List;

/** The sources of a run as one task has them open; the tasks of a worker share them. */
final class OpenSources implements AutoCloseable {
  private final List<SourceSpec> specs;
  private final List<FaceSource.Images> images = new ArrayList<>();

  OpenSources(List<SourceSpec> specs) throws Exception {
    this.specs = specs;
    for (SourceSpec spec : specs) {
      images.add(SharedModels.acquire(FaceSource.Images.class, key(spec), spec::open));
    }
  }

  private static String key(SourceSpec spec) {
    return "source " + spec.source();
  }

  FaceSource.Images of(int spec) {
    return images.get(spec);
  }

  @Override
  public void close() throws Exception {
    for (int i = 0; i < images.size(); i++) {
      SharedModels.release(key(specs.get(i)));
    }
    images.clear();
  }
}
