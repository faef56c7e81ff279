// A network and a server that misbehave by chance.
import type { CallFate } from './protocol-server.js';
import type { World } from './world.js';

/**
 * `rate`, 0-1: share of pushes, calls and turns that something happens to. `isOvertaking`: an answer may tell how
 * it was, and come after news of how it is.
 */
export function addFaults(world: World, rate: number, isOvertaking = false): void {
  const { random, server } = world;
  world.latencyMs = () => 1 + Math.floor(random() * 80);
  server.faults.onPush = () => {
    if (random() >= rate) return 'deliver';
    return (['drop', 'repeat', 'hold'] as const)[Math.floor(random() * 3)] ?? 'drop';
  };
  server.faults.onCall = (): CallFate => {
    if (random() >= rate) return 'answer';
    const fates: CallFate[] = [
      'ignore',
      'lose answer',
      'cut',
      { code: 90994 },
      { code: 60018, retryAfterMs: 300 },
      { afterMs: Math.floor(random() * 500) },
      ...(isOvertaking ? [{ answerAfterMs: Math.floor(random() * 500) }] : []),
    ];
    return fates[Math.floor(random() * fates.length)] ?? 'answer';
  };
}

export function removeFaults(world: World): void {
  world.isUp = true;
  world.server.faults.onPush = () => 'deliver';
  world.server.faults.onCall = () => 'answer';
}
