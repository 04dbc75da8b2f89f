package io.facet.transforms.source.format;

import com.google.auto.service.AutoService;
import io.facet.models.DataException;
import io.facet.models.face.AlignedImages;
import io.facet.models.format.TextFile;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.Locations;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSample;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A folder with one folder of images for each person. */
@AutoService(FaceSource.class)
@Named(
    key = "folder",
    version = 1,
    summary = "Image files below a folder, one directory for each person.")
@SuppressWarnings("rawtypes") // the service file names the raw type
public final class FolderSource implements FaceSource<FolderSource.Options> {
  /**
   * Options of a folder.
   *
   * @param path of the folder
   * @param namespace of its identities
   * @param identity where it stands
   * @param except file of identities to leave out
   * @param aligned whether its images are aligned crops
   */
  public record Options(
      @Description(
              value = "Folder of images, a path or URI; relative to data.root.",
              affectsResult = false)
          String path,
      @Description(
              value =
                  "Prefix of identities; sources whose people are the same share one, others must not.",
              defaultValue = "''")
          String namespace,
      @Description(
              value =
                  "Where the identity stands: first-directory below path, or none (unlabelled images).",
              defaultValue = "first-directory")
          Identity identity,
      @Description(
              value =
                  "A text file of identities (without namespace, one a line) that are left out, such"
                      + " as those of a verification set; relative to data.root.",
              defaultValue = Description.ABSENT,
              affectsResult = false)
          Optional<String> except,
      @Description(value = AlignedImages.DESCRIPTION, defaultValue = "auto")
          AlignedImages aligned) {}

  /** Where the identity of an image stands. */
  public enum Identity {
    FIRST_DIRECTORY,
    NONE
  }

  @Override
  public Options relativeTo(Options options, String root) {
    return new Options(
        Locations.resolve(root, options.path()),
        options.namespace(),
        options.identity(),
        options.except().map(file -> Locations.resolve(root, file)),
        options.aligned());
  }

  @Override
  public AlignedImages aligned(Options options) {
    return options.aligned();
  }

  @Override
  public SourceListing list(Options options) throws IOException {
    List<SourceSample> samples = new ArrayList<>();
    Set<String> except = except(options);
    int leftOut = 0;
    ImageFolder.Found found = ImageFolder.list(options.path());
    for (StoredFiles.Listed file : found.images()) {
      if (except.contains(composed(ImageFolder.firstDirectory(file.name(), "")))) {
        leftOut++;
        continue;
      }
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
    if (leftOut == 0 && !except.isEmpty()) {
      throw new DataException(
          "%s: '%s' and the others of its %d identities have no image below %s; write the names of its directories, one a line, without namespace"
              .formatted(
                  options.except().get(), except.iterator().next(), except.size(), options.path()));
    }
    return new SourceListing(samples, List.of(), found.skipped());
  }

  /** Accents in one way, however a file system or an editor writes them. */
  private static String composed(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  private static Set<String> except(Options options) throws IOException {
    if (options.except().isEmpty()) {
      return Set.of();
    }
    String file = options.except().get();
    try {
      return TextFile.text(StoredFiles.read(file), file)
          .lines()
          .map(line -> composed(line.strip()))
          .filter(line -> !line.isEmpty())
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (FileNotFoundException e) {
      throw new DataException(
          file + ": list of identities not found; correct 'except' or data.root", e);
    }
  }
}
