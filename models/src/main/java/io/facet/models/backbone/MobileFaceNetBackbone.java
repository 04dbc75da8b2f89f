package io.facet.models.backbone;

import com.google.auto.service.AutoService;

/** {@code mobilefacenet}: the usual student. */
@AutoService(Backbone.class)
public final class MobileFaceNetBackbone implements Backbone<MobileFaceNetOptions> {
  @Override
  public String key() {
    return "mobilefacenet";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<MobileFaceNetOptions> optionsType() {
    return MobileFaceNetOptions.class;
  }

  @Override
  public String summary() {
    return "MobileFaceNet, a convolutional network of inverted residual blocks for 112x112 crops";
  }

  @Override
  public String source() {
    return "Chen et al. 2018, arXiv 1804.07573; sizes as in AdaDistill and arcface_torch";
  }

  @Override
  public Network create(MobileFaceNetOptions options) {
    return new MobileFaceNet(options);
  }
}
