package io.facet.models.face;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;

/**
 * Loads the native image library once in a class loader and holds it to one thread.
 *
 * <p>Only core, imgproc and imgcodecs, through their own API: the other modules need desktop
 * libraries that servers lack.
 */
public final class NativeImaging {
  private static final String PHYSICAL_MEMORY_LIMIT = "org.bytedeco.javacpp.maxPhysicalBytes";

  private NativeImaging() {}

  private static final class Holder {
    static final String VERSION = load();

    private static String load() {
      if (System.getProperty(PHYSICAL_MEMORY_LIMIT) == null) {
        // The default counts the memory of every native library in the process against Java's heap.
        System.setProperty(PHYSICAL_MEMORY_LIMIT, "0");
      }
      Loader.load(opencv_core.class);
      Loader.load(opencv_imgproc.class);
      Loader.load(opencv_imgcodecs.class);
      opencv_core.setNumThreads(1);
      return opencv_core.CV_VERSION();
    }
  }

  /**
   * Loads the library unless that was done before.
   *
   * @return its version, part of fingerprints
   */
  public static String version() {
    return Holder.VERSION;
  }
}
