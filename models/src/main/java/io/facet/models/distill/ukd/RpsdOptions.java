package io.facet.models.distill.ukd;

import io.facet.models.option.Description;

/** Which pairs RPSD compares; all of it reconstructed. */
public record RpsdOptions(
    @Description(
            value =
                "discrepancy: pairs on which student and teacher disagree most, teacher-hard:"
                    + " strangers most alike to the teacher and all pairs of one identity, all",
            defaultValue = "discrepancy",
            source = "reconstructed; arXiv 2508.11376 names a sample mining strategy")
        PairMining mining,
    @Description(
            value =
                "own: the student's embeddings against its own in the bank, teacher: against the"
                    + " teacher's (needs equal widths)",
            defaultValue = "own",
            source = "reconstructed")
        BankSpace bankSpace,
    @Description(
            value = "pairs mined for each sample; fewer if there are fewer",
            range = "[1, 1000000]",
            defaultValue = "64",
            source = "reconstructed")
        int k,
    @Description(
            value = "embeddings the memory bank holds",
            range = "[1, 16777216]",
            defaultValue = "8192",
            source = "reconstructed; arXiv 2508.11376 names a memory bank")
        int capacity,
    @Description(
            value = "batches taken in before the bank is used, unless it is full earlier",
            range = "[0, inf)",
            defaultValue = "0",
            source = "reconstructed")
        int warmUpBatches,
    @Description(
            value =
                "pairs of two images of one identity: keep, or mask to compare strangers alone; pairs of one image with itself never count",
            defaultValue = "keep",
            source = "reconstructed")
        SameIdentity sameIdentity) {}
