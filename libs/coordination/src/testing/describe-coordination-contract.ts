// The suite that every engine of the port has to pass, written from the port's
// doc comments. It assumes nothing about how fast or in which turn an engine answers.

import { ContractSpace, type CoordinationFactory, STEP_MS } from './coordination-fixture.js';
import { describeChannels } from './describe-channels.js';
import { describeCounters } from './describe-counters.js';
import { describeHashes } from './describe-hashes.js';
import { describeSetsAndWindows } from './describe-sets-and-windows.js';
import { describeValues } from './describe-values.js';
import { expectUnavailable } from './expectations.js';

/** Declares the contract's tests for one engine. Uses the globals describe, it and expect. */
export function describeCoordinationContract(name: string, factory: CoordinationFactory): void {
  describe(`coordination contract: ${name}`, () => {
    const space = new ContractSpace(factory);
    beforeAll(() => space.open());
    afterAll(() => space.close());

    it('says whose state it is', () => {
      expect(['process', 'cluster']).toContain(space.one.scope);
      expect(space.other.scope).toBe(space.one.scope);
    });

    it('has one life for everybody, or vouches for none', async () => {
      const first = await space.one.life();
      await space.advance(STEP_MS);
      const later = await space.other.life();
      expect(later?.id).toBe(first?.id);
      if (first === undefined || later === undefined) return;
      expect(first.ageMs).toBeGreaterThanOrEqual(0);
      // Timers and clocks may differ by a moment.
      expect(later.ageMs - first.ageMs).toBeGreaterThan(STEP_MS / 2);
    });

    describeCounters(space);
    describeValues(space);
    describeHashes(space);
    describeSetsAndWindows(space);
    describeChannels(space);

    describe('close', () => {
      it('ends the work, and may be repeated', async () => {
        const fixture = await space.fresh();
        await fixture.coordination.close();
        await fixture.coordination.close();
        const key = space.name();
        await expectUnavailable(fixture.coordination.life());
        await expectUnavailable(fixture.coordination.get(key));
        await expectUnavailable(fixture.coordination.set(key, 'v'));
        await expectUnavailable(fixture.coordination.hashGetMany([key]));
        await expectUnavailable(fixture.coordination.publish(key, 'm'));
        await expectUnavailable(fixture.coordination.reserveNext({ counter: key, note: '', ttlMs: 1_000 }));
        await fixture.close();
      });
    });
  });
}
