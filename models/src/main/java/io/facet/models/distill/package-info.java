/** Ways to teach a student: methods, their loss terms and what they need of a teacher. */
package io.facet.models.distill;
