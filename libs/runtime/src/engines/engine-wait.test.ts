import { ChatError, ErrorCode } from '@parley/kernel';
import { createLogRoot } from '@parley/telemetry';
import type { EngineFacts, EngineProbe } from './engine-probes.js';
import { EngineWait } from './engine-wait.js';

const absent = (): never => {
  throw new ChatError(ErrorCode.UNAVAILABLE, 'nobody answers; start it');
};

/** Answers as each of `answers` says, the last one again and again. */
function probe(engine: EngineProbe['engine'], ...answers: (() => EngineFacts)[]): EngineProbe {
  let asked = 0;
  return {
    engine,
    address: 'host:1',
    ask: async () => (answers[Math.min(asked++, answers.length - 1)] as () => EngineFacts)(),
  };
}
const present = (): EngineFacts => ({ what: 'it', problems: [] });

function wait(probes: readonly EngineProbe[], deadlineMs = 5_000) {
  const lines: string[] = [];
  const root = createLogRoot({ level: 'info', sink: { write: (line: string) => void lines.push(line) } });
  return { lines, wait: new EngineWait({ probes, log: root.logger('process'), pauseMs: 1, deadlineMs }) };
}

describe('waiting for engines', () => {
  it('names those that have not answered, in the log once', async () => {
    const { wait: it, lines } = wait([
      probe('Redis', present),
      probe('Kafka', absent, absent, () => {
        expect(it.awaited).toBe('Kafka at host:1');
        return present();
      }),
    ]);
    expect(it.awaited).toBe('Redis at host:1, Kafka at host:1');
    await it.untilAllAnswer();
    expect(it.awaited).toBeUndefined();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/"engine":"Kafka".*nobody answers; start it.*engine.awaited/);
  });

  it('gives up at its deadline, with the remedy', async () => {
    const { wait: it } = wait([probe('Redis', absent)], 20);
    await expect(it.untilAllAnswer()).rejects.toMatchObject({ info: 'nobody answers; start it' });
    expect(it.awaited).toBe('Redis at host:1');
  });

  it('does not wait for one that refuses', async () => {
    const refuse = (): never => {
      throw new ChatError(ErrorCode.INTERNAL, 'wrong password');
    };
    const { wait: it } = wait([probe('Cassandra', refuse), probe('Kafka', absent)]);
    await expect(it.untilAllAnswer()).rejects.toMatchObject({ info: 'wrong password' });
  });

  it('ends when it is stopped', async () => {
    const { wait: it } = wait([probe('Redis', absent)], 60_000);
    const end = it.untilAllAnswer();
    it.stop();
    await expect(end).rejects.toMatchObject({ code: ErrorCode.UNAVAILABLE });
  });

  it('warns of what an engine should not be', async () => {
    const { wait: it, lines } = wait([probe('Redis', () => ({ what: 'it', problems: ['too old'] }))]);
    await it.untilAllAnswer();
    expect(lines[0]).toMatch(/"problem":"too old".*engine.misfit/);
  });
});
