package io.facet.transforms.row;

import com.google.auto.service.AutoService;
import java.util.List;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderProvider;
import org.apache.beam.sdk.coders.CoderProviderRegistrar;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Gives every record whose components rows can hold its {@link RecordCoder}, so that nobody sets
 * coders.
 */
@AutoService(CoderProviderRegistrar.class)
public final class RecordCoderRegistrar implements CoderProviderRegistrar {
  @Override
  public List<CoderProvider> getCoderProviders() {
    return List.of(new RecordCoderProvider());
  }

  private static final class RecordCoderProvider extends CoderProvider {
    @Override
    @SuppressWarnings("unchecked")
    public <T> Coder<T> coderFor(
        TypeDescriptor<T> descriptor, List<? extends Coder<?>> componentCoders)
        throws CannotProvideCoderException {
      Class<? super T> type = descriptor.getRawType();
      if (!RowType.supports(type)) {
        throw new CannotProvideCoderException(type.getName() + " is not a row");
      }
      return (Coder<T>) RecordCoder.of(type);
    }
  }
}
