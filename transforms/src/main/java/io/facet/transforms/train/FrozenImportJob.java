package io.facet.transforms.train;

import io.facet.models.embed.FrozenModel;
import io.facet.models.face.Preprocessing;
import java.util.Optional;

/**
 * A finished program to be used as a teacher.
 *
 * @param name of the teacher
 * @param kind what runs the program
 * @param program URI of its file
 * @param sha256 expected digest of the file, 64 hexadecimal digits; empty: any
 * @param embedding width its embeddings should have
 * @param preprocessing what it expects as input; absent: what the file says, else the usual one
 * @param output of an ONNX program that gives its embeddings; absent: the one with their shape
 * @param classifier class weights it gets; absent: none
 */
public record FrozenImportJob(
    String name,
    FrozenModel.Kind kind,
    String program,
    String sha256,
    int embedding,
    Optional<Preprocessing> preprocessing,
    Optional<String> output,
    Optional<ClassifierImport> classifier) {}
