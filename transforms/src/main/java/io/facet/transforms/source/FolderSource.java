package io.facet.transforms.source;

import com.google.auto.service.AutoService;
import io.facet.models.DataException;
import io.facet.models.option.Description;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A folder with one folder of pictures for each person. */
@AutoService(FaceSource.class)
@SuppressWarnings("rawtypes") // the service file names the raw type
public final class FolderSource implements FaceSource<FolderSource.Options> {
  /**
   * Options of a folder.
   *
   * @param path of the folder
   * @param namespace of its identities
   * @param identity where it stands
   */
  public record Options(
      @Description(
              value = "Folder of pictures, a path or URI; relative to data.root.",
              affectsResult = false)
          String path,
      @Description(
              value =
                  "Prefix of identities; sources whose people are the same share one, others must not.",
              defaultValue = "''")
          String namespace,
      @Description(
              value =
                  "Where the identity stands: first-directory below path, or none (unlabelled pictures).",
              defaultValue = "first-directory")
          Identity identity) {}

  /** Where the identity of a picture stands. */
  public enum Identity {
    FIRST_DIRECTORY,
    NONE
  }

  @Override
  public String key() {
    return "folder";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<Options> optionsType() {
    return Options.class;
  }

  @Override
  public String summary() {
    return "Picture files below a folder, one directory for each person.";
  }

  @Override
  public Options relativeTo(Options options, String root) {
    return new Options(
        Locations.resolve(root, options.path()), options.namespace(), options.identity());
  }

  @Override
  public SourceListing list(Options options) throws IOException {
    List<SourceSample> samples = new ArrayList<>();
    ImageFolder.Found found = ImageFolder.list(options.path());
    for (StoredFiles.Listed file : found.images()) {
      String identity = "";
      if (options.identity() == Identity.FIRST_DIRECTORY) {
        identity = ImageFolder.firstDirectory(file.name(), options.namespace());
        if (identity.isEmpty()) {
          throw new DataException(
              "%s: stands directly in the source's folder; put it into a directory named after the person, or set identity: none"
                  .formatted(file.uri()));
        }
      }
      samples.add(SourceSample.file(file.name(), identity, file.uri(), ImageFolder.stamp(file)));
    }
    return new SourceListing(samples, List.of(), found.skipped());
  }
}
