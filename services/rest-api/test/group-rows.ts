// What the tests of the group commands share.
import { ChatError, type ErrorCode } from '@parley/kernel';
import type { World } from './harness.js';

export const SVC = 'group_open_http_svc';
export const OK = { ActionStatus: 'OK', ErrorInfo: '', ErrorCode: 0 };

export const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** A refusal that a service decides, as it words it. */
export const refusing = (code: ErrorCode, info: string) => async (): Promise<never> => {
  throw new ChatError(code, info);
};

/** Expects that a command refuses, with a text. */
export async function groupRefusal(
  world: World,
  command: string,
  body: unknown,
  code: number,
): Promise<void> {
  const answer = await world.call(command, body);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
  expect(answer.body.ErrorInfo).not.toBe('');
}
