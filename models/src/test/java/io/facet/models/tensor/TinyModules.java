package io.facet.models.tensor;

/** TorchScript files for tests. */
public final class TinyModules {
  private TinyModules() {}

  /** A module that gives the mean of each colour, {@code (B, 3, H, W)} to {@code (B, 3)}. */
  public static byte[] meanColours() {
    return TorchArchive.of(
        """
        def forward(self: __torch__.Module_, x: Tensor) -> Tensor:
          return torch.mean(x, [2, 3])
        """);
  }

  /** A module that takes no batches: any input becomes one row of three values. */
  public static byte[] singleFace() {
    return TorchArchive.of(
        """
        def forward(self: __torch__.Module_, x: Tensor) -> Tensor:
          return torch.mean(x, [0, 2, 3]).reshape([1, 3])
        """);
  }

  /** A module that returns maps. */
  public static byte[] maps() {
    return TorchArchive.of(
        """
        def forward(self: __torch__.Module_, x: Tensor) -> Tensor:
          return torch.relu(x)
        """);
  }
}
