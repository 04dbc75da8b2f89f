package io.facet.models.option;

import java.util.List;

/**
 * One option as the reference page and {@code facet methods} show it.
 *
 * @param name key, nested ones with dots: {@code prompt.tokens}
 * @param type in words: {@code number}, {@code list of text}, {@code margin head}
 * @param defaultValue as YAML text; {@code required} or {@code absent} if there is none
 * @param range allowed numbers as an interval, or empty
 * @param allowed allowed words (enum constants, keys of extensions), or empty
 * @param description one sentence
 * @param source paper and equation, or empty
 */
public record OptionRow(
    String name,
    String type,
    String defaultValue,
    String range,
    List<String> allowed,
    String description,
    String source) {}
