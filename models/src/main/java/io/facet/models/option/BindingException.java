package io.facet.models.option;

import io.facet.models.RecipeException;
import java.util.List;
import java.util.stream.Collectors;

/** A tree does not fit the record it was to be bound to; carries every fault found. */
public class BindingException extends RecipeException {
  private static final long serialVersionUID = 1L;

  private final transient List<BindingFault> faults;

  public BindingException(List<BindingFault> faults) {
    super(faults.stream().map(BindingFault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  /** All faults, in the order of the record's components. */
  public List<BindingFault> faults() {
    return faults == null ? List.of() : faults;
  }
}
