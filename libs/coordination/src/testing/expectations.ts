// How the contract suite looks at rejections and waits for messages.
import { ChatError, ErrorCode } from '@parley/kernel';

async function codeOf(work: Promise<unknown>): Promise<ErrorCode | undefined> {
  try {
    await work;
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ChatError) return thrown.code;
    throw thrown;
  }
}

/** The caller's mistake. */
export async function expectMistake(work: Promise<unknown>): Promise<void> {
  expect(await codeOf(work)).toBe(ErrorCode.INTERNAL);
}

export async function expectOverloaded(work: Promise<unknown>): Promise<void> {
  expect(await codeOf(work)).toBe(ErrorCode.OVERLOADED);
}

export async function expectUnavailable(work: Promise<unknown>): Promise<void> {
  expect(await codeOf(work)).toBe(ErrorCode.UNAVAILABLE);
}

/** A listener whose messages can be awaited. */
export class Inbox {
  readonly messages: string[] = [];
  #waiting: { count: number; resolve: () => void } | undefined;

  readonly listener = (message: string): void => {
    this.messages.push(message);
    if (this.#waiting !== undefined && this.messages.length >= this.#waiting.count) this.#waiting.resolve();
  };

  /** Resolves when so many messages came. */
  async received(count: number): Promise<readonly string[]> {
    if (this.messages.length < count) {
      await new Promise<void>((resolve) => {
        this.#waiting = { count, resolve };
      });
    }
    return this.messages;
  }
}
