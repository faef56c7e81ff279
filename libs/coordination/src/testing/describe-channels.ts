import { VALUE_BYTES_MAX } from '../limits.js';
import type { ContractSpace } from './coordination-fixture.js';
import { expectMistake, Inbox } from './expectations.js';

export function describeChannels(space: ContractSpace): void {
  describe('channels', () => {
    it('bring messages to everybody who is subscribed, in the order of their publisher', async () => {
      const channel = space.name();
      const [first, second] = [new Inbox(), new Inbox()];
      const subscriptions = [
        await space.one.subscribe(channel, first.listener),
        await space.other.subscribe(channel, second.listener),
      ];
      const messages = Array.from({ length: 50 }, (_, at) => `m${at}`);
      await Promise.all(messages.map((message) => space.one.publish(channel, message)));
      expect(await first.received(50)).toEqual(messages);
      expect(await second.received(50)).toEqual(messages);
      for (const subscription of subscriptions) await subscription.close();
    });

    it('bring nothing of other channels, of before, or of afterwards', async () => {
      const [channel, elsewhere] = [space.name(), space.name()];
      const [inbox, still] = [new Inbox(), new Inbox()];
      await space.one.publish(channel, 'before');
      const subscription = await space.one.subscribe(channel, inbox.listener);
      const second = await space.one.subscribe(channel, still.listener);
      await space.one.publish(elsewhere, 'elsewhere');
      await space.one.publish(channel, 'now');
      await inbox.received(1);
      await subscription.close();
      await subscription.close();
      await space.one.publish(channel, 'afterwards');
      expect(await still.received(2)).toEqual(['now', 'afterwards']);
      expect(inbox.messages).toEqual(['now']);
      await second.close();
    });

    it('know a listener as often as it subscribed', async () => {
      const channel = space.name();
      const inbox = new Inbox();
      const first = await space.one.subscribe(channel, inbox.listener);
      const second = await space.one.subscribe(channel, inbox.listener);
      await space.one.publish(channel, 'a');
      expect(await inbox.received(2)).toEqual(['a', 'a']);
      await first.close();
      await space.one.publish(channel, 'b');
      expect(await inbox.received(3)).toEqual(['a', 'a', 'b']);
      await second.close();
    });

    it('do not run listeners inside the call of the publisher', async () => {
      const channel = space.name();
      const inbox = new Inbox();
      const subscription = await space.one.subscribe(channel, inbox.listener);
      const published = space.one.publish(channel, 'm');
      expect(inbox.messages).toEqual([]);
      await published;
      expect(await inbox.received(1)).toEqual(['m']);
      await subscription.close();
    });

    it('go on when a listener throws', async () => {
      const channel = space.name();
      const inbox = new Inbox();
      const broken = await space.one.subscribe(channel, () => {
        throw new Error('a listener that throws, as the test wants');
      });
      const subscription = await space.one.subscribe(channel, inbox.listener);
      await space.one.publish(channel, 'a');
      await space.one.publish(channel, 'b');
      expect(await inbox.received(2)).toEqual(['a', 'b']);
      await broken.close();
      await subscription.close();
    });

    it('take messages of any text up to 4 KiB', async () => {
      const channel = space.name();
      const inbox = new Inbox();
      const subscription = await space.one.subscribe(channel, inbox.listener);
      const messages = ['', '\u4f60\n\u0000', 'm'.repeat(VALUE_BYTES_MAX)];
      for (const message of messages) await space.one.publish(channel, message);
      expect(await inbox.received(3)).toEqual(messages);
      await expectMistake(space.one.publish(channel, 'm'.repeat(VALUE_BYTES_MAX + 1)));
      await expectMistake(space.one.publish('', 'm'));
      await expectMistake(space.one.subscribe('', inbox.listener));
      await subscription.close();
    });
  });
}
