/**
 * Bits of SVG that all drawing here needs. Pure.
 *
 * @module
 */

/**
 * An SVG document.
 *
 * @param size side in pixels
 * @param content elements
 * @param units that the content counts on the side, if not pixels
 */
export function svgDocument(size: number, content: string, units: number = size): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `width="${size}" height="${size}" viewBox="0 0 ${units} ${units}">${content}</svg>`;
}

/** A number as an attribute's value, to three digits after the point. */
export function svgNumber(value: number): string {
  return value.toFixed(3);
}
