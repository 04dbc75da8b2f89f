package io.facet.models.distill.method;

import io.facet.models.distill.MethodContract;
import java.util.List;

class ArcDistillTest extends MethodContract {
  ArcDistillTest() {
    super("arc-distill");
  }

  @Override
  protected List<String> options() {
    return List.of("{}", "{head: {cosface: {margin: 0.35}}}", "{head: arcface}");
  }

  @Override
  protected boolean teacherIsMinimum() {
    return false;
  }
}
