// What all group commands have in common.
import { ChatError, ErrorCode } from '@parley/kernel';
import { type AnswerFields, type Envelope, succeeded } from '../../envelope.js';
import { CALLS_PER_SECOND, type Command, type CommandDeclaration, defineCommand } from '../command.js';
import { GROUP_FAMILY } from '../error-family.js';

export interface GroupCommandDeclaration<Request, Answer>
  extends Omit<CommandDeclaration<Request, Answer>, 'family' | 'perSecondMax'> {
  /** Default: 200. */
  readonly perSecondMax?: number;
}

export const defineGroupCommand = <Request, Answer>(
  declaration: GroupCommandDeclaration<Request, Answer>,
): Command => defineCommand({ perSecondMax: CALLS_PER_SECOND, ...declaration, family: GROUP_FAMILY });

/** Of one answer. Source: rest-groups.md 0. */
export const ANSWER_BYTES_MAX = 1024 * 1024;

/** For commands whose answers grow with what they are asked for. @throws ChatError 10018 for more than 1 MiB. */
export function boundedAnswer(fields: AnswerFields): Envelope {
  if (Buffer.byteLength(JSON.stringify(fields)) > ANSWER_BYTES_MAX) throw answerTooLarge();
  return succeeded(fields);
}

export const answerTooLarge = (): ChatError =>
  new ChatError(ErrorCode.GROUP_ANSWER_TOO_LARGE, 'the answer has more than 1 MiB: ask for less at once');
