import { NextAnswer } from './next-answer.js';

describe('NextAnswer', () => {
  it('never answers with what was asked before', async () => {
    const answers: ((value: number) => void)[] = [];
    const question = new NextAnswer(() => new Promise<number>((resolve) => answers.push(resolve)));
    const first = question.get();
    const second = question.get();
    const third = question.get();
    expect(answers).toHaveLength(1);
    answers[0]?.(1);
    await expect(first).resolves.toBe(1);
    await Promise.resolve();
    expect(answers).toHaveLength(2);
    answers[1]?.(2);
    await expect(Promise.all([second, third])).resolves.toEqual([2, 2]);
    const fourth = question.get();
    expect(answers).toHaveLength(3);
    answers[2]?.(3);
    await expect(fourth).resolves.toBe(3);
  });

  it('goes on after a failure', async () => {
    let calls = 0;
    const question = new NextAnswer(async () => {
      calls += 1;
      if (calls === 1) throw new Error('away');
      return calls;
    });
    const first = question.get();
    const second = question.get();
    await expect(first).rejects.toThrow('away');
    await expect(second).resolves.toBe(2);
  });
});
