package io.facet.models.option;

import com.google.auto.service.AutoService;
import java.util.Optional;

/** Has a flavour inside. */
@SuppressWarnings("rawtypes") // a service is named without its type arguments
@AutoService(Flavour.class)
@Named(key = "mixed", version = 2, summary = "Mixed.")
public final class MixedFlavour implements Flavour<MixedFlavour.Options> {
  /** Its options. */
  public record Options(
      @Description(value = "The one inside.", defaultValue = "{plain: {strength: 0.25}}")
          Selected<Flavour<?>> inner,
      @Description("Portions.") int portions,
      @Description(value = "A note.", defaultValue = Description.ABSENT) Optional<String> note) {
    public Options {
      if (portions == 13) {
        throw new IllegalArgumentException("13 brings bad luck");
      }
    }
  }
}
