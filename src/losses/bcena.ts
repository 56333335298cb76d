import type { Loss } from "./loss.ts";
export declare const bcena: Loss;
