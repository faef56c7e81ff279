// What a v4 command is: one declaration in one file, listed in command-table.ts.
import type { AppId, Clock, UserId } from '@parley/kernel';
import type { authv1, followv1, groupv1, messagev1, profilev1, relationv1 } from '@parley/proto';
import type { CallContext, Client } from '@parley/rpc';
import { type Envelope, failed } from '../envelope.js';
import type { JsonObject } from '../json/json-body.js';
import { type ErrorFamily, toPublicError } from './error-family.js';

/** The app admin who calls. */
export interface Caller {
  readonly appId: AppId;
  readonly identifier: UserId;
}

/** What commands work with; the same for all requests of a process. */
export interface CommandTools {
  readonly auth: Client<typeof authv1.AuthService>;
  readonly messages: Client<typeof messagev1.MessageService>;
  readonly groups: Client<typeof groupv1.GroupService>;
  readonly permissions: Client<typeof groupv1.PermissionGroupService>;
  readonly profiles: Client<typeof profilev1.ProfileService>;
  readonly relations: Client<typeof relationv1.RelationService>;
  readonly follows: Client<typeof followv1.FollowService>;
  readonly clock: Clock;
  /** A random MsgSeq for a message that came without one: an unsigned 32-bit integer, not 0. */
  readonly randomMsgSeq: () => number;
  /** Counts receivers of batch sends. @throws ChatError 90057 above the limit. */
  readonly countBatchReceivers: (appId: AppId, receivers: number) => Promise<void>;
}

/** Everything about one request that is not in its body. */
export interface RequestScope {
  readonly caller: Caller;
  /** For the calls to services: role admin, with the request's deadline. */
  readonly context: CallContext;
  readonly tools: CommandTools;
}

export interface CommandDeclaration<Request, Answer> {
  /** `<service>/<command>`, case-sensitive. */
  readonly path: string;
  /** Calls of one app, per second. */
  readonly perSecondMax: number;
  readonly family: ErrorFamily;
  /** Checks the body. @throws ChatError with a public code of the command. */
  parse(body: JsonObject, caller: Caller): Request;
  call(request: Request, scope: RequestScope): Promise<Answer>;
  render(answer: Answer, request: Request, scope: RequestScope): Envelope;
}

/** A command as the door sees it. */
export interface Command {
  readonly path: string;
  readonly perSecondMax: number;
  readonly family: ErrorFamily;
  /** Answers the envelope, or rejects with a value for {@link Command.refuse}. */
  handle(body: JsonObject, scope: RequestScope): Promise<Envelope>;
  refuse(thrown: unknown): Envelope;
}

/** Default of the compatible servers. */
export const CALLS_PER_SECOND = 200;
/** The same for the heavier batch commands. */
export const HEAVY_CALLS_PER_SECOND = 100;

export function defineCommand<Request, Answer>(declaration: CommandDeclaration<Request, Answer>): Command {
  const { path, perSecondMax, family } = declaration;
  return {
    path,
    perSecondMax,
    family,
    async handle(body, scope) {
      const request = declaration.parse(body, scope.caller);
      const answer = await declaration.call(request, scope);
      return declaration.render(answer, request, scope);
    },
    refuse(thrown) {
      const { code, info } = toPublicError(thrown, family);
      return failed(code, info);
    },
  };
}
