/**
 * Stops zod from testing whether it can compile code from strings, which the page's policy forbids
 * and browsers report. Import this before any schema is created.
 *
 * @module
 */
import { z } from "zod";

z.config({ jitless: true });
