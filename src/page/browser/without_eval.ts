/**
 * Keeps zod from trying whether it may make code of texts, which the page's policy forbids and
 * browsers report. To be imported before any schema is made.
 *
 * @module
 */
import { z } from "zod";

z.config({ jitless: true });
