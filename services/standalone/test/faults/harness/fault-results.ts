// What the scenarios found, one entry each, in a file that `make faults` shows at its end.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CheckReport, Invariant } from '@parley/bench';
import type { PhaseReport } from './error-window.js';

/** The outcome of one scenario. */
export interface FaultReport {
  readonly scenario: string;
  /** What was taken out of the product, if anything. */
  readonly mutation?: string;
  readonly seed: number;
  readonly clients: number;
  readonly sent: number;
  readonly acked: number;
  readonly failed: number;
  /** How many sends failed with which code. */
  readonly failedWith: Readonly<Record<number, number>>;
  readonly shown: number;
  readonly stored: number;
  readonly judged: CheckReport['judged'];
  /** By invariant; those that held are left out. */
  readonly violations: Readonly<Partial<Record<Invariant, number>>>;
  /** The first few. */
  readonly details: readonly string[];
  readonly phases: readonly PhaseReport[];
  /** The longest of all phases; see PhaseReport. */
  readonly errorWindowMs: number;
  /** The longest of all phases; see PhaseReport. */
  readonly recoveryMs: number;
  /** Lines that the servers should not have printed: `<process> <line>`. */
  readonly errorLines: readonly string[];
}

const RESULTS = fileURLToPath(new URL('../../../../../.test-results/faults.json', import.meta.url));
const SCENARIOS = fileURLToPath(new URL('../scenarios.json', import.meta.url));

/** @throws Error when `make faults` does not know the scenario and so would not miss it. */
export function requireListed(scenario: string): void {
  const listed = JSON.parse(readFileSync(SCENARIOS, 'utf8')) as { name: string }[];
  if (listed.some(({ name }) => name === scenario)) return;
  throw new Error(`the scenario ${scenario} is not in scenarios.json`);
}

function readResults(): FaultReport[] {
  try {
    return JSON.parse(readFileSync(RESULTS, 'utf8')) as FaultReport[];
  } catch (thrown) {
    if ((thrown as { code?: string }).code === 'ENOENT') return [];
    throw thrown;
  }
}

/** Appends to `.test-results/faults.json`. One process at a time. */
export function recordResult(report: FaultReport): void {
  mkdirSync(dirname(RESULTS), { recursive: true });
  writeFileSync(RESULTS, `${JSON.stringify([...readResults(), report], undefined, 1)}\n`);
}
