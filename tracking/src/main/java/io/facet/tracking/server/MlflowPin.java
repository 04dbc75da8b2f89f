package io.facet.tracking.server;

/** The version of MLflow's server that Facet installs; the only place that names it. */
public final class MlflowPin {
  /** For Python 3.10 and newer. */
  public static final String VERSION = "3.17.2";

  /** The last one for Python 3.9. */
  static final String VERSION_FOR_PYTHON_3_9 = "3.1.4";

  private MlflowPin() {}

  static String forPython(int minor) {
    return minor < 10 ? VERSION_FOR_PYTHON_3_9 : VERSION;
  }
}
