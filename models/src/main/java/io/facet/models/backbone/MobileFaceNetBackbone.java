package io.facet.models.backbone;

import com.google.auto.service.AutoService;
import io.facet.models.option.Named;

/** {@code mobilefacenet}: the usual student. */
@AutoService(Backbone.class)
@Named(
    key = "mobilefacenet",
    version = 1,
    summary =
        "MobileFaceNet, a convolutional network of inverted residual blocks for 112x112 crops",
    source = "Chen et al. 2018, arXiv 1804.07573; sizes as in AdaDistill and arcface_torch")
public final class MobileFaceNetBackbone implements Backbone<MobileFaceNetOptions> {
  @Override
  public Network create(MobileFaceNetOptions options) {
    return new MobileFaceNet(options);
  }
}
