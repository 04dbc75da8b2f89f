/**
 * Leaderboards: how models are ranked with intervals, over one run or a whole store, and how they
 * are shown.
 */
package io.facet.pipelines.leaderboard;
