import { silentLogger } from '@parley/telemetry';
import { type ControlConnection, refreshOneAtATime } from './single-refresh.js';

describe('the search for a connection that watches the cluster', () => {
  it('runs once at a time, goes on where it is, and fails quietly', async () => {
    const searches: { hosts: unknown; end: (error?: Error) => void }[] = [];
    const control: ControlConnection = {
      _isShuttingDown: true,
      _refresh: (hosts) =>
        new Promise((resolve, reject) => {
          searches.push({ hosts, end: (error) => (error ? reject(error) : resolve()) });
        }),
    };
    refreshOneAtATime(control, silentLogger);
    const both = [control._refresh(), control._refresh()];
    expect(searches.map(({ hosts }) => hosts)).toEqual([undefined]);
    const further = control._refresh('hosts');
    expect(searches.map(({ hosts }) => hosts)).toEqual([undefined, 'hosts']);
    searches[1]?.end();
    await further;
    searches[0]?.end(new TypeError('no connection'));
    await Promise.all(both);
    const next = control._refresh();
    expect(searches).toHaveLength(3);
    searches[2]?.end();
    await next;
  });

  it('is not repaired in a driver that works otherwise', () => {
    expect(() => refreshOneAtATime({} as ControlConnection, silentLogger)).toThrow('another one');
  });
});
