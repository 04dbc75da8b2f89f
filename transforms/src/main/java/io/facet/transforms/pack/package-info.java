/**
 * What trainings read: the order and labels of their crops, and files of a store on this machine.
 */
package io.facet.transforms.pack;
