/**
 * Parts of SVG shared by all drawing code here. Pure.
 *
 * @module
 */

/**
 * An SVG document.
 *
 * @param size side in pixels
 * @param content elements
 * @param units of the content along the side, if not pixels
 */
export function svgDocument(size: number, content: string, units: number = size): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `width="${size}" height="${size}" viewBox="0 0 ${units} ${units}">${content}</svg>`;
}

/** A number as an attribute's value, with three digits after the point. */
export function svgNumber(value: number): string {
  return value.toFixed(3);
}
