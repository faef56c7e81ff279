import { ErrorCode } from '@parley/kernel';

/** What the caller did wrong, or what will never work. */
export const refused = expect.objectContaining({ name: 'ChatError', code: ErrorCode.INTERNAL });

/** What may work later. */
export const unavailable = expect.objectContaining({ name: 'ChatError', code: ErrorCode.UNAVAILABLE });

/** Too much at once. */
export const overloaded = expect.objectContaining({ name: 'ChatError', code: ErrorCode.OVERLOADED });
