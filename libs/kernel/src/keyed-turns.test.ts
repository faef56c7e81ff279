import { ChatError } from './chat-error.js';
import { ErrorCode } from './error-code.js';
import { KeyedTurns } from './keyed-turns.js';

const overloaded = () => new ChatError(ErrorCode.OVERLOADED, 'too many');
const held = () => {
  let end: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { promise, end: () => end() };
};

describe('turns', () => {
  it('of one key come in order, those of others do not wait, and a failure holds up nobody', async () => {
    const turns = new KeyedTurns({ waitingMax: 10, overloaded });
    const began: string[] = [];
    const first = held();
    const run = (key: string, name: string, until: Promise<unknown> = Promise.resolve()) =>
      turns.run(key, async () => {
        began.push(name);
        await until;
        if (name === 'b') throw new Error('b fails');
      });
    const [a, b, c] = [run('x', 'a', first.promise), run('x', 'b'), run('x', 'c')];
    await run('y', 'other');
    expect(began).toEqual(['a', 'other']);
    first.end();
    await expect(b).rejects.toThrow('b fails');
    await Promise.all([a, c]);
    expect(began).toEqual(['a', 'other', 'b', 'c']);
  });

  it('are bounded for each key', async () => {
    const turns = new KeyedTurns({ waitingMax: 2, overloaded });
    const first = held();
    const taken = [turns.run('x', () => first.promise), turns.run('x', async () => undefined)];
    await expect(turns.run('x', async () => undefined)).rejects.toMatchObject({ code: ErrorCode.OVERLOADED });
    first.end();
    await Promise.all(taken);
    await turns.run('x', async () => undefined);
  });

  it('that come too late are not begun', async () => {
    let nowMs = 0;
    const tooLate = () => new ChatError(ErrorCode.UNAVAILABLE, 'too late');
    const turns = new KeyedTurns({
      waitingMax: 9,
      overloaded,
      patience: { ms: 5, nowMs: () => nowMs, tooLate },
    });
    const first = held();
    const taken = [turns.run('x', () => first.promise), turns.run('x', async () => 'late')];
    await Promise.resolve();
    nowMs = 6;
    taken.push(turns.run('x', async () => 'in time'));
    first.end();
    await expect(taken[1]).rejects.toMatchObject({ code: ErrorCode.UNAVAILABLE });
    expect(await taken[2]).toBe('in time');
    await taken[0];
  });
});
