/**
 * Values that know how to display themselves, in the protocol of Deno's Jupyter kernel.
 *
 * @module
 */

/**
 * One output of a notebook cell in several forms, by MIME type: a front end draws the richest one
 * it knows. Text stands as it is, bytes in base64, `application/...+json` as an object.
 */
export interface MimeBundle {
  /** What is read where nothing else can be drawn; never empty. */
  readonly "text/plain": string;
  readonly [mimeType: string]: string | object;
}

/** The method that Deno's kernel asks values for when it displays them. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display");

/** A value that knows how to display itself. */
export interface Displayable {
  readonly [DISPLAY]: () => MimeBundle | Promise<MimeBundle>;
}
