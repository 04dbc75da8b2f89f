/** CAKD: unified receptive fields over facial structure, and prompts in a transformer teacher. */
package io.facet.models.distill.cakd;
