// What signs resume tickets.
import type { KeyObject } from 'node:crypto';

/** One key a period; see KEY_PERIOD_MS in domain/resume-ticket.ts. */
export interface ResumeKey {
  readonly period: number;
  /** Made once: every signature with plain bytes would set the key up anew. */
  readonly secret: KeyObject;
}
