package io.facet.transforms.source.format;

import com.google.auto.service.AutoService;
import io.facet.models.DataException;
import io.facet.models.format.IjbLists;
import io.facet.models.format.TemplateLists;
import io.facet.models.format.TextFile;
import io.facet.models.option.CommandLineForm;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.protocol.IntPlaces;
import io.facet.models.protocol.TemplatePairs;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.Locations;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSample;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * IJB-B and IJB-C as InsightFace lays them out: lists in the folder or in {@code meta} below it,
 * and images in {@code loose_crop}. The landmarks of the lists replace detection.
 */
@AutoService(FaceSource.class)
@Named(
    key = "ijb",
    version = 2, // 2: pairs of near templates lie together
    summary = "Templates of IJB-B or IJB-C in InsightFace's layout (lists and loose_crop).")
@SuppressWarnings("rawtypes") // the service file names the raw type
public final class IjbSource implements FaceSource<IjbSource.Options> {
  private static final String TEMPLATES = "_face_tid_mid.txt";
  private static final String LANDMARKS = "_name_5pts_score.txt";
  private static final String PAIRS = "_template_pair_label.txt";
  private static final String PROBES = "_1N_probe_mixed.csv";
  private static final Pattern GALLERY = Pattern.compile("_1N_gallery_([A-Za-z0-9]+)[.]csv");

  /**
   * Options of the set.
   *
   * @param path of the folder
   * @param images folder of the images
   */
  public record Options(
      @Description(
              value =
                  "Folder with the lists (*_face_tid_mid.txt, *_name_5pts_score.txt,"
                      + " *_template_pair_label.txt and for identification *_1N_gallery_*.csv,"
                      + " *_1N_probe_mixed.csv), or with meta that holds them; relative to data.root.",
              affectsResult = false)
          String path,
      @Description(
              value =
                  "Folder of the images the lists name; relative to data.root. Absent: loose_crop in"
                      + " path.",
              defaultValue = Description.ABSENT,
              affectsResult = false)
          Optional<String> images) {
    String imageFolder() {
      return images.orElseGet(() -> StoredFiles.below(path, "loose_crop"));
    }
  }

  /** The folder. */
  @Override
  public Optional<CommandLineForm> commandLineForm() {
    return Optional.of(
        new CommandLineForm(
            "FOLDER", text -> Map.of("path", Path.of(text).toAbsolutePath().toString())));
  }

  @Override
  public Options relativeTo(Options options, String root) {
    return new Options(
        Locations.resolve(root, options.path()),
        options.images().map(images -> Locations.resolve(root, images)));
  }

  @Override
  public boolean givesLandmarks() {
    return true;
  }

  @Override
  public boolean givesTemplates() {
    return true;
  }

  @Override
  public SourceListing list(Options options) throws IOException {
    TemplateLists lists = lists(options.path());
    ListedImages files = new ListedImages(ImageFolder.all(options.imageFolder()));
    List<SourceSample> samples = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (TemplateLists.Face face : lists.faces()) {
      if (names.add(face.name())) {
        StoredFiles.Listed file = files.find(face.name());
        samples.add(
            new SourceSample(
                face.name(),
                "",
                file == null ? StoredFiles.below(options.imageFolder(), face.name()) : file.uri(),
                -1,
                file == null ? "" : ImageFolder.stamp(file),
                face.landmarks()));
      }
    }
    return new SourceListing(samples, lists);
  }

  /**
   * The lists alone.
   *
   * @param path folder with them, or with {@code meta} that holds them
   * @throws DataException if one is missing or malformed, or they do not belong together
   */
  public static TemplateLists lists(String path) throws IOException {
    return Lists.of(path).read();
  }

  /**
   * The list files of a folder.
   *
   * @param prefix of their names, {@code ijbc}
   * @param uris by what follows the prefix
   */
  private record Lists(String folder, String prefix, Map<String, String> uris) {

    /** Those in {@code meta}, else those in the folder itself. */
    static Lists of(String path) throws IOException {
      String meta = StoredFiles.below(path, "meta");
      List<StoredFiles.Listed> files = below(meta);
      return files.isEmpty() ? of(path, below(path)) : of(meta, files);
    }

    private static List<StoredFiles.Listed> below(String folder) throws IOException {
      return StoredFiles.list(folder).stream()
          .filter(file -> file.name().indexOf('/') < 0)
          .filter(file -> file.name().endsWith(".txt") || file.name().endsWith(".csv"))
          .toList();
    }

    private static Lists of(String folder, List<StoredFiles.Listed> files) {
      List<String> prefixes =
          files.stream()
              .map(StoredFiles.Listed::name)
              .filter(name -> name.endsWith(TEMPLATES))
              .map(name -> name.substring(0, name.length() - TEMPLATES.length()))
              .toList();
      if (prefixes.size() != 1) {
        throw new DataException(
            prefixes.isEmpty()
                ? "%s: no list *%s, neither here nor in meta; correct the path or data.root"
                    .formatted(folder, TEMPLATES)
                : "%s: lists of several sets, %s; give each a folder of its own"
                    .formatted(folder, String.join(" and ", prefixes)));
      }
      String prefix = prefixes.get(0);
      Map<String, String> uris = new TreeMap<>();
      for (StoredFiles.Listed file : files) {
        if (file.name().startsWith(prefix)) {
          uris.put(file.name().substring(prefix.length()), file.uri());
        }
      }
      return new Lists(folder, prefix, uris);
    }

    private String uri(String name) {
      String uri = uris.get(name);
      if (uri == null) {
        throw new DataException(
            "%s: the list %s%s is missing; it belongs to %s%s"
                .formatted(folder, prefix, name, prefix, TEMPLATES));
      }
      return uri;
    }

    TemplateLists read() throws IOException {
      List<TemplateLists.Face> faces;
      try (InputStream templates = StoredFiles.open(uri(TEMPLATES));
          InputStream landmarks = StoredFiles.open(uri(LANDMARKS))) {
        faces =
            IjbLists.faces(
                new IjbLists.Opened(templates, uri(TEMPLATES)),
                new IjbLists.Opened(landmarks, uri(LANDMARKS)));
      }
      IntPlaces known = IjbLists.templates(faces);
      TemplatePairs pairs;
      try (InputStream list = StoredFiles.open(uri(PAIRS))) {
        pairs = IjbLists.pairs(new IjbLists.Opened(list, uri(PAIRS)), known);
      }
      List<TemplateLists.Subjects> galleries = new ArrayList<>();
      for (String name : uris.keySet()) {
        Matcher gallery = GALLERY.matcher(name);
        if (gallery.matches()) {
          galleries.add(subjects(gallery.group(1), uri(name), known));
        }
      }
      boolean searched = !galleries.isEmpty() || uris.containsKey(PROBES);
      if (searched && galleries.isEmpty()) {
        throw new DataException(
            "%s: %s%s has no gallery; add %s_1N_gallery_*.csv"
                .formatted(folder, prefix, PROBES, prefix));
      }
      return IjbLists.of(
          faces,
          pairs,
          galleries,
          searched ? Optional.of(subjects("probe", uri(PROBES), known)) : Optional.empty());
    }

    private static TemplateLists.Subjects subjects(String name, String uri, IntPlaces known)
        throws IOException {
      return IjbLists.subjects(name, TextFile.text(StoredFiles.read(uri), uri), uri, known);
    }
  }
}
