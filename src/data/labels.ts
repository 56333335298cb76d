/**
 * Labels: which output of a network a picture belongs to.
 *
 * @module
 */

/** The output that stands for na, in networks that have one. */
export const NA_OUTPUT = 0;

/** The label of pictures that the network has no output for. */
export const NO_OUTPUT = -1;
