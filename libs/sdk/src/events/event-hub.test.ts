import { EventHub } from './event-hub.js';

describe('EventHub', () => {
  it('calls listeners in order with name, data and context', () => {
    const hub = new EventHub(() => undefined);
    const heard: unknown[] = [];
    const context = { id: 7 };
    function first(this: unknown, event: { name: string; data: number }) {
      heard.push([this, event.name, event.data]);
    }
    hub.on('x', first, context);
    hub.on('x', () => heard.push('second'));
    hub.emit('x', 1);
    expect(heard).toEqual([[context, 'x', 1], 'second']);
  });

  it('forgets a handler, or only its registration with a context', () => {
    const hub = new EventHub(() => undefined);
    let calls = 0;
    const handler = () => {
      calls += 1;
    };
    const context = {};
    hub.on('x', handler);
    hub.on('x', handler, context);
    hub.off('x', handler, context);
    hub.emit('x', 0);
    expect(calls).toBe(1);
    hub.off('x', handler);
    hub.emit('x', 0);
    expect(calls).toBe(1);
    expect(hub.hasListener('x')).toBe(false);
  });

  it('lets a throwing listener disturb nobody', () => {
    const failures: unknown[] = [];
    const hub = new EventHub((name, thrown) => failures.push([name, thrown]));
    const heard: string[] = [];
    const failure = new Error('app');
    hub.on('x', () => {
      throw failure;
    });
    hub.on('x', () => heard.push('second'));
    hub.emit('x', 0);
    expect(heard).toEqual(['second']);
    expect(failures).toEqual([['x', failure]]);
  });
});
