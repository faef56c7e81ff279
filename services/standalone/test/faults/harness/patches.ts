// Changes of built modules, for servers of this suite only: to take a rule out of the product and see who
// notices, or to stop a process at an exact place.
import type { ClusterProcesses } from '@parley/testkit';

export interface Patch {
  /** The built module, from the repository's root. */
  readonly file: string;
  /** Must occur exactly once; else the process does not start. */
  readonly find: string;
  readonly replace: string;
}

/** Settings with which a server process patches itself. */
export const patchSettings = (patches: readonly Patch[]): Record<string, string> => ({
  NODE_OPTIONS: `--import=${new URL('./patch-dist.mjs', import.meta.url).href}`,
  FAULT_PATCHES: JSON.stringify(patches),
});

/** @throws Error when a patch reached no process: its module has another name by now. */
export function requirePatched(cluster: ClusterProcesses, patches: readonly Patch[]): void {
  for (const { file } of patches) {
    const line = JSON.stringify({ level: 'info', event: 'patched', file });
    if (cluster.members.some(({ process }) => process.log.includes(line))) continue;
    throw new Error(`no process has loaded ${file}, so nothing was patched`);
  }
}

/** Lets a process stop itself (SIGSTOP) between numbering a message and appending it, when SIGUSR2 has armed it. */
export const STOP_BEFORE_APPEND: Patch = {
  file: 'services/message/dist/sending/append-message.js',
  find: 'const work = log.append(',
  replace: 'globalThis.stopHereIfArmed(); const work = log.append(',
};
