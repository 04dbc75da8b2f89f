package io.facet.pipelines.pairs;

/**
 * Where accepting begins.
 *
 * @param bin first bin of {@link ScoredSet} that is accepted
 * @param cosine its lower edge: pairs at or above it are taken for one person
 * @param rule why it is this one, in words
 * @param falseAccepts different pairs at or above it
 * @param falseRejects same pairs below it
 */
public record Threshold(
    int bin, double cosine, String rule, long falseAccepts, long falseRejects) {}
