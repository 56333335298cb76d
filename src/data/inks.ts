/**
 * Pictures made of printing inks. Pure.
 *
 * @module
 */

/**
 * The colours of inks on white paper, as in Pillow's `convert("RGB")`: cyan, magenta and yellow
 * each absorb their colour from the light that black leaves. A press prints other colours, which
 * only a colour profile describes.
 *
 * @param samples [N, channels], of 8 or 16 bits, from no ink to full ink of cyan, magenta, yellow
 * and black; a fifth channel, if present, is the opacity, and the picture is laid on white
 * @returns 8-bit RGB, [N, 3]
 */
export function inksToRgb(samples: Uint8Array | Uint16Array, channels: number): Uint8Array {
  const pixels = new Uint8Array(samples.length / channels * 3);
  const shift = samples instanceof Uint16Array ? 8 : 0;
  for (let from = 0, to = 0; from < samples.length; from += channels, to += 3) {
    const light = 255 - (samples[from + 3]! >> shift);
    const opacity = channels > 4 ? (samples[from + 4]! >> shift) / 255 : 1;
    for (let ink = 0; ink < 3; ink++) {
      const colour = light - Math.round((samples[from + ink]! >> shift) * light / 255);
      pixels[to + ink] = Math.round(255 + (colour - 255) * opacity);
    }
  }
  return pixels;
}
