import type { Loss } from "./loss.ts";
export declare const bce: Loss;
