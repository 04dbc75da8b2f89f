package io.facet.models.head;

import io.facet.models.option.Description;

/** Options of {@link AdaFace}. */
public record AdaFaceOptions(
    @Description(
            value = "margin m of angle and cosine",
            range = "[0, 1]",
            defaultValue = "0.4",
            source = "mk-minchul/AdaFace config.py")
        double margin,
    @Description(
            value = "how far lengths spread the margin: h over the running deviation",
            range = "[0, 10]",
            defaultValue = "0.333",
            source = "mk-minchul/AdaFace config.py")
        double concentration,
    @Description(
            value = "factor on all logits",
            range = "(0, 1000]",
            defaultValue = "64",
            source = "mk-minchul/AdaFace config.py")
        double scale,
    @Description(
            value = "share of a batch in the running mean and deviation of lengths; 1: no memory",
            range = "(0, 1]",
            defaultValue = "0.01",
            source = "mk-minchul/AdaFace config.py")
        double momentum,
    @Description(
            value = "running mean of lengths at the start",
            range = "[0, 1000]",
            defaultValue = "20",
            source = "mk-minchul/AdaFace head.py")
        double initialMean,
    @Description(
            value = "running standard deviation of lengths at the start",
            range = "[0, 1000]",
            defaultValue = "100",
            source = "mk-minchul/AdaFace head.py")
        double initialDeviation) {}
