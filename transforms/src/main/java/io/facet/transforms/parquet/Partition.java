package io.facet.transforms.parquet;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Folders of a table by the splits of their rows, {@code split=train} or {@code split=cfp-fp+lfw}:
 * whoever wants the rows of one split reads the files of its folders. Files that lie in no such
 * folder may hold rows of any split.
 */
public final class Partition {
  private static final String KEY = "split=";

  /** Longest name of a folder on common file systems, with room to spare. */
  private static final int LONGEST = 200;

  private Partition() {}

  /**
   * The folder of rows that are of all these splits, in any order; empty, for none of these
   * folders, if there is no split or the name would be too long.
   */
  public static String of(Collection<String> splits) {
    List<String> names = new ArrayList<>();
    for (String split : new TreeSet<>(splits)) {
      String name = URLEncoder.encode(split, StandardCharsets.UTF_8);
      names.add(name.replace("+", "%20").replace("*", "%2A"));
    }
    String folder = KEY + String.join("+", names);
    return names.isEmpty() || folder.length() > LONGEST ? "" : folder;
  }

  /** The folder a file lies in; empty if that is none of these. */
  public static String folder(String uri) {
    int end = uri.lastIndexOf('/');
    String folder = uri.substring(uri.lastIndexOf('/', end - 1) + 1, Math.max(end, 0));
    return folder.startsWith(KEY) ? folder : "";
  }

  /** Whether a file may hold rows of one of these splits. */
  public static boolean mayHold(String uri, Set<String> splits) {
    String folder = folder(uri);
    if (folder.isEmpty()) {
      return true;
    }
    for (String name : folder.substring(KEY.length()).split("\\+", -1)) {
      if (splits.contains(URLDecoder.decode(name, StandardCharsets.UTF_8))) {
        return true;
      }
    }
    return false;
  }
}
