package io.facet.transforms.train;

import java.util.List;

/**
 * Class weights of a teacher's file, to be compared with a training set.
 *
 * @param teacher its name, for messages
 * @param reader what reads the class weights, for messages
 * @param model URI of the teacher's model file
 * @param faces data files of table {@code faces}
 * @param samples data files of table {@code samples}
 */
public record ClassifierCheckJob(
    String teacher, String reader, String model, List<String> faces, List<String> samples) {}
