package io.facet.models.option;

import com.google.auto.service.AutoService;

/** Has a required and a defaulted option. */
@SuppressWarnings("rawtypes") // a service is named without its type arguments
@AutoService(Flavour.class)
@Named(key = "plain", version = 1, summary = "Plain.")
public final class PlainFlavour implements Flavour<PlainFlavour.Options> {
  /** Its options. */
  public record Options(
      @Description(value = "How strong.", range = "(0, 1]", defaultValue = "0.5", source = "tests")
          double strength,
      @Description(value = "A colour.", defaultValue = "DARK_RED") Colour colour) {}

  /** Two colours. */
  public enum Colour {
    DARK_RED,
    GREEN
  }
}
