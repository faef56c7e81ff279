// What every answer looks like, whatever happened.
import type { ErrorCode } from '@parley/kernel';

/** `SomeError` belongs to batchsendmsg alone: some receivers failed, ErrorCode 0. */
export type ActionStatus = 'OK' | 'FAIL' | 'SomeError';

/** Fields beside the envelope's own; a value that is undefined is left out. */
export type AnswerFields = Readonly<Record<string, unknown>>;

export interface Envelope {
  readonly ActionStatus: ActionStatus;
  readonly ErrorInfo: string;
  readonly ErrorCode: number;
  readonly [field: string]: unknown;
}

export const succeeded = (fields: AnswerFields = {}): Envelope => ({
  ActionStatus: 'OK',
  ErrorInfo: '',
  ErrorCode: 0,
  ...fields,
});

/** Some items of a batch failed, others did not. */
export const succeededPartly = (fields: AnswerFields): Envelope => ({
  ActionStatus: 'SomeError',
  ErrorInfo: '',
  ErrorCode: 0,
  ...fields,
});

export const failed = (code: ErrorCode, info: string, fields: AnswerFields = {}): Envelope => ({
  ActionStatus: 'FAIL',
  ErrorInfo: info,
  ErrorCode: code,
  ...fields,
});

/** Headers of every answer; the access-control ones are those that the compatible servers send. */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'X-Requested-With',
  'access-control-allow-methods': 'POST',
};
