// What apps pass to the calls of relations, and what the service answers about one user.
import type { relationv1 } from '@parley/proto';
import { ChatFailure, FailureCode } from '../events/failure.js';
import { check, requireUserIDs } from '../groups/checks.js';

/** At least one, each once. @throws ChatFailure 6017 */
export function requireNames(userIDs: unknown, max: number): string[] {
  const names = [...new Set(requireUserIDs(userIDs, max))];
  check(names.length > 0, 'userIDList is empty');
  return names;
}

/** An absent text is empty. @throws ChatFailure 6017 */
export function optionalText(text: unknown, name: string): string {
  check(text === undefined || typeof text === 'string', `${name} is a text`);
  return text ?? '';
}

/** The only result. @throws ChatFailure with its code, unless that is 0 or among the answers. */
export function requireFirst(
  results: readonly relationv1.RelationResult[],
  answers: readonly number[] = [],
): relationv1.RelationResult {
  const [result] = results;
  if (result === undefined)
    throw new ChatFailure(FailureCode.ANSWER_MALFORMED, 'the server did not say what became of it');
  if (result.code !== 0 && !answers.includes(result.code)) throw new ChatFailure(result.code, result.info);
  return result;
}
