// StreamMessage: a message of a group that grows while it is written. Beginning it is a send, going on is a change of it;
// between two calls nothing is kept but the message.
import { create, fromBinary } from '@bufbuild/protobuf';
import type { Coordination } from '@parley/coordination';
import { ChatError, type Clock, ErrorCode } from '@parley/kernel';
import { messagev1 } from '@parley/proto';
import { GROUP_CODES } from '../domain/codes.js';
import type { GroupConversation } from '../domain/conversation.js';
import { type GroupFacts, noHistory } from '../domain/group-rules.js';
import { beginStream, checkStreamBytes, growStream, type StandingStream } from '../domain/grow-stream.js';
import { STREAM_CALLS_PER_SECOND_MAX } from '../domain/limits.js';
import { ChangeOutcome } from '../domain/message-change.js';
import { readStreamBody, type StreamState, toStreamBody } from '../domain/stream-body.js';
import { formatStreamId, parseStreamId, type StreamId } from '../domain/stream-id.js';
import type { SubmitChange } from '../sending/submit-change.js';
import { audienceOf, type ChangeCall, conversationChange, refuseOutcome } from './change-call.js';
import type { FindTarget } from './find-target.js';
import type { SendToGroup } from './send-to-group.js';

export interface StreamCall extends ChangeCall {
  /** `user` of the call is who speaks. */
  readonly conversation: GroupConversation;
  readonly facts: GroupFacts;
  readonly request: messagev1.StreamMessageRequest;
}

export interface Streamed {
  readonly streamId: string;
  readonly seq: bigint;
  readonly timeMs: number;
}

export interface StreamMessageOptions {
  readonly send: SendToGroup;
  readonly find: FindTarget;
  readonly submit: SubmitChange;
  readonly coordination: Coordination;
  readonly clock: Clock;
}

/** A message as it was found, and what of it can go on. */
interface Standing {
  readonly message: messagev1.Message;
  readonly stream: StandingStream;
  readonly audience: string[];
}

/** Others that continue the same message at once; each try reads what the faster one made of it. */
const ATTEMPTS_MAX = 5;
const SECOND_MS = 1_000;

export class StreamMessage {
  constructor(private readonly options: StreamMessageOptions) {}

  /** Answers once the message is durable as it is then; a repeat is answered and changes nothing. @throws ChatError */
  run(call: StreamCall): Promise<Streamed> {
    if (!call.facts.storesHistory) return Promise.reject(noHistory());
    return call.request.streamId === '' ? this.#begin(call) : this.#continue(call);
  }

  /** As every message; so its first part is held against the bound of every message. */
  async #begin({ conversation, user, caller, request }: StreamCall): Promise<Streamed> {
    const { groupId } = conversation;
    const { chunks, compatibleText = '', random, cloudCustomData = '', dedupKey, dedupWindowS } = request;
    const stream = beginStream(chunks, compatibleText);
    const sent = await this.options.send.run(
      create(messagev1.SendRequestSchema, {
        ...{ from: user, to: groupId, type: messagev1.ConversationType.GROUP, random },
        ...{ body: toStreamBody(stream), cloudCustomData, dedupKey, dedupWindowS },
        priority: messagev1.MessagePriority.NORMAL,
      }),
      { from: user, groupId },
      caller,
    );
    if (sent.isShed) throw new ChatError(ErrorCode.GROUP_RATE_EXCEEDED, 'the group takes no more messages');
    const { seq, timeMs } = sent;
    return { streamId: formatStreamId({ groupId, seq, firstIndex: stream.firstIndex }), seq, timeMs };
  }

  async #continue(call: StreamCall): Promise<Streamed> {
    const { request } = call;
    const id = parseStreamId(request.streamId);
    if (id === undefined || id.groupId !== call.conversation.groupId) throw noStream();
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const standing = await this.#find(call, id);
      const grown = growStream(standing.stream, {
        pieces: request.chunks,
        compatibleText: request.compatibleText,
        nowMs: this.options.clock.now(),
      });
      if (grown !== undefined) {
        if (attempt === 0) await this.#checkRate(call, id);
        if (!(await this.#change(call, standing, grown))) continue;
      }
      return { streamId: request.streamId, seq: id.seq, timeMs: Number(standing.message.timeMs) };
    }
    throw new ChatError(ErrorCode.UNAVAILABLE, 'the message changes too fast; retry', { retryAfterMs: 200 });
  }

  /** The id says where to look; that the message is the speaker's and grows is seen from the message. */
  async #find({ conversation, user }: StreamCall, { seq, firstIndex }: StreamId): Promise<Standing> {
    const row = await this.options.find.run(conversation, { seq, msgKey: '' }, GROUP_CODES);
    if (row === undefined || row.facts.from !== user) throw noStream();
    const message = fromBinary(messagev1.MessageSchema, row.bytes);
    const state = readStreamBody(message.body);
    if (state === undefined) throw noStream();
    const changedAtMs = Number(message.changedAtMs || message.timeMs);
    return { message, stream: { ...state, firstIndex, changedAtMs }, audience: audienceOf(row.facts) };
  }

  async #checkRate({ conversation }: StreamCall, { seq }: StreamId): Promise<void> {
    const window = `{${conversation.key}}:stream:${seq}`;
    const calls = await this.options.coordination.countInWindow(window, 1, SECOND_MS);
    if (calls <= STREAM_CALLS_PER_SECOND_MAX) return;
    const info = `a message is continued at most ${STREAM_CALLS_PER_SECOND_MAX} times a second`;
    throw new ChatError(ErrorCode.GROUP_RATE_EXCEEDED, info);
  }

  /** False: somebody was faster. Here alone a body may be larger than MESSAGE_BYTES_MAX. */
  async #change(call: StreamCall, { message, audience }: Standing, grown: StreamState): Promise<boolean> {
    const { conversation, caller, request } = call;
    const body = toStreamBody(grown);
    checkStreamBytes(body, request.cloudCustomData ?? message.cloudCustomData);
    const { seq, version: expectedVersion } = message;
    const modify = create(messagev1.ModifySchema, { seq, body, expectedVersion });
    if (request.cloudCustomData !== undefined) modify.cloudCustomData = request.cloudCustomData;
    const { outcome } = await this.options.submit.run({
      stream: conversation,
      // Not needed: a retry is known by the index of its chunks.
      dedupKey: undefined,
      originConnectionId: caller.connectionId,
      change: conversationChange(call, this.options.clock.now(), {
        audience,
        change: { case: 'modify', value: modify },
      }),
    });
    if (outcome === ChangeOutcome.VERSION_CONFLICT) return false;
    refuseOutcome(outcome, conversation, caller.codes);
    return true;
  }
}

/** One answer for all that an id may be wrong in: it tells nothing of other messages. */
const noStream = (): ChatError =>
  new ChatError(
    ErrorCode.GROUP_BAD_PARAMETER,
    'StreamMsgID names no message of this sender here that can go on',
  );
