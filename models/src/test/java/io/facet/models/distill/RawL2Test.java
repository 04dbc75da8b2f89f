package io.facet.models.distill;

class RawL2Test extends MethodContract {
  RawL2Test() {
    super("l2");
  }
}
