package io.facet.transforms.train;

import io.facet.transforms.pack.PackFiles;

/**
 * Class weights of a teacher's file, to be compared with a training set.
 *
 * @param teacher its name, for messages
 * @param reader what reads the class weights, for messages
 * @param model URI of the teacher's model file
 * @param pack the training set
 */
public record ClassifierCheckJob(String teacher, String reader, String model, PackFiles pack) {}
