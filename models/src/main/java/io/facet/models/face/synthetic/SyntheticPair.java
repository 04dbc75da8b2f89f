package io.facet.models.face.synthetic;

/**
 * One verification pair of drawn photographs.
 *
 * @param leftIdentity person on the first photograph
 * @param leftShot number of the first photograph
 * @param rightIdentity person on the second one; equal to the first in a same pair
 * @param rightShot number of the second photograph
 */
public record SyntheticPair(int leftIdentity, int leftShot, int rightIdentity, int rightShot) {
  /** Whether both photographs show one person. */
  public boolean same() {
    return leftIdentity == rightIdentity;
  }
}
