/**
 * Finding and making elements of the page.
 *
 * @module
 */
/// <reference lib="dom" />

/** The page's element with this id. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}

/** A new element with this text, never read as markup, and these children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: { readonly class?: string; readonly text?: string } = {},
  ...children: readonly Element[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (properties.class !== undefined) made.className = properties.class;
  if (properties.text !== undefined) made.textContent = properties.text;
  made.append(...children);
  return made;
}

/** The message of an error, for the page. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
