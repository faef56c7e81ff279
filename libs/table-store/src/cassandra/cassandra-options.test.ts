import { systemClock } from '@parley/kernel';
import { silentLogger } from '@parley/telemetry';
import { checkOptions, portOf } from './cassandra-options.js';

describe('the options of the Cassandra engine', () => {
  it('name one port, whatever the form of the address', () => {
    const ports = ['node', 'node:9142', '10.0.0.1:9142', 'fd00::9', '[fd00::9]:9142'].map(portOf);
    expect(ports).toEqual([9_042, 9_142, 9_142, 9_042, 9_142]);
  });

  it('are refused when they cannot work', () => {
    const check = (contactPoints: string[], keyspace: string) => () =>
      checkOptions({ contactPoints, keyspace, clock: systemClock, logger: silentLogger });
    expect(check(['a:9042', 'b', '[::1]:9042'], 'parley')).not.toThrow();
    expect(check([], 'parley')).toThrow('no contact point');
    expect(check(['a', 'b:9142'], 'parley')).toThrow('several ports');
    expect(check(['a'], 'Parley')).toThrow('bad keyspace');
  });
});
