// Pages of a list by number, as the compatible border has them.
import { ChatError, type ErrorCode } from '@parley/kernel';
import { PAGE_DEFAULT, PAGE_MAX } from '../domain/limits.js';

export interface PageRequest {
  readonly startIndex: number;
  /** 0: PAGE_DEFAULT. */
  readonly limit: number;
}

/** `nextIndex` is 0 at the end. @throws ChatError `bad` for a page that is too large. */
export function pageOf<T>(
  rows: readonly T[],
  { startIndex, limit }: PageRequest,
  bad: ErrorCode,
): { readonly page: readonly T[]; readonly nextIndex: number } {
  if (limit > PAGE_MAX) throw new ChatError(bad, `a page has at most ${PAGE_MAX} entries`);
  const end = startIndex + (limit === 0 ? PAGE_DEFAULT : limit);
  return { page: rows.slice(startIndex, end), nextIndex: end < rows.length ? end : 0 };
}
