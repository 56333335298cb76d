/**
 * Data embedded in the page.
 *
 * @module
 */
/// <reference lib="dom" />
import { parseModelJson, type SavedNetwork } from "../../model/saved_network.ts";
import { type PageData, PARTS } from "../page_data.ts";

/** The page's own data. */
export function embeddedData(): PageData {
  return JSON.parse(textOf(PARTS.data));
}

/** The network, not yet opened. */
export function embeddedNetwork({ model }: PageData): SavedNetwork {
  const origin = "this page";
  const { modelJson, metadata, specifications } = parseModelJson(JSON.stringify(model), origin);
  return { origin, modelJson, metadata, specifications, weights: embeddedBytes(PARTS.weights) };
}

/** The compiled kernels. */
export function embeddedKernels(): Uint8Array<ArrayBuffer> {
  return embeddedBytes(PARTS.kernels);
}

/** The bytes of an element, which is then emptied, because it holds about ten million letters. */
function embeddedBytes(id: string): Uint8Array<ArrayBuffer> {
  const text = textOf(id);
  document.getElementById(id)!.textContent = "";
  // Browsers from before 2025 lack it, whatever the types say.
  const fromBase64 = Uint8Array.fromBase64 as typeof Uint8Array.fromBase64 | undefined;
  if (fromBase64 !== undefined) return fromBase64(text);
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

function textOf(id: string): string {
  return document.getElementById(id)!.textContent!.trim();
}
