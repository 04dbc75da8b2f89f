/** The typed rows of every table, with their one coder, Avro schema and digest. */
package io.facet.transforms.row;
