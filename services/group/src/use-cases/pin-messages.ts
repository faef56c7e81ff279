// Messages of a group or a topic are pinned and unpinned. Pins stand in its row: they are few, and change with it.
import { create } from '@bufbuild/protobuf';
import { ChatError, ErrorCode } from '@parley/kernel';
import { groupv1, messagev1 } from '@parley/proto';
import { type Client, serviceContext } from '@parley/rpc';
import { SERVICE_NAME } from '../changing/carry-out.js';
import { ChangeDraft } from '../changing/change-draft.js';
import type { Decided, GroupRegister } from '../changing/group-register.js';
import type { GroupView } from '../changing/group-view.js';
import { PINNED_SEQ_MAX, PINS_MAX } from '../domain/limits.js';
import { badParameter } from '../domain/refusals.js';
import { type Caller, operatorOf, requireOperation } from './caller.js';
import { type Place, requireInTopic, requireTopic } from './topic-access.js';

type PinRequest = Pick<groupv1.PinMessageRequest, 'msgSeq' | 'operator'>;
type History = Pick<Client<typeof messagev1.MessageService>, 'listMessages'>;

export class PinMessage {
  constructor(
    private readonly register: GroupRegister,
    private readonly history: History,
  ) {}

  /**
   * A message that is pinned stays it: users are told so, unless they ask again; back ends are not.
   * @throws ChatError 10004, also for a message that the group does not have or the user does not see; 10007, 10010,
   * 10070 or 10071.
   */
  async run(place: Place, request: PinRequest, caller: Caller): Promise<void> {
    const operator = operatorOf(caller, request.operator);
    const { key } = place;
    await pinsOf(await this.register.get(key), place, caller);
    await this.#requireMessage(place, request.msgSeq, caller);
    await this.register.change(key, async (view) => {
      const board = await pinsOf(view, place, caller);
      return pin(board, { msgSeq: request.msgSeq, operator }, caller);
    });
  }

  async #requireMessage({ key, topicId }: Place, msgSeq: bigint, caller: Caller): Promise<void> {
    if (msgSeq < 1n || msgSeq > PINNED_SEQ_MAX) {
      throw badParameter(`the number of a message is 1 to ${PINNED_SEQ_MAX}`);
    }
    const query = {
      type: messagev1.ConversationType.GROUP,
      peer: topicId ?? key.groupId,
      // As the user sees it; a back end sees everything.
      user: caller.isBackEnd ? '' : caller.userId,
      beforeSeq: msgSeq + 1n,
      limit: 1,
    };
    const { messages } = await this.history.listMessages(query, serviceContext(key.appId, SERVICE_NAME));
    if (messages[0]?.seq !== msgSeq) throw badParameter('the group has no message of this number');
  }
}

export class UnpinMessage {
  constructor(private readonly register: GroupRegister) {}

  /** What is not pinned stays so. @throws ChatError 10004, 10007 or 10010. */
  async run(place: Place, { msgSeq, operator: named }: PinRequest, caller: Caller): Promise<void> {
    const operator = operatorOf(caller, named);
    await this.register.change(place.key, async (view) =>
      unpin(await pinsOf(view, place, caller), { msgSeq, operator }),
    );
  }
}

export class ListPins {
  constructor(private readonly register: GroupRegister) {}

  /** In the order in which they were pinned. @throws ChatError 10007 or 10010. */
  async run(place: Place, caller: Caller) {
    const view = await this.register.get(place.key);
    const { pins } = await pinsOf(view, place, caller, 'readPins');
    return { pins };
  }
}

/** The pins of a group or of a topic, for whoever may do this with them. */
interface Board {
  readonly view: GroupView;
  readonly topic: groupv1.TopicRow | undefined;
  readonly pins: groupv1.Pin[];
}

async function pinsOf(
  view: GroupView,
  { topicId }: Place,
  caller: Caller,
  right: 'readPins' | 'changePins' = 'changePins',
): Promise<Board> {
  if (topicId === undefined) {
    await requireOperation(view, caller, right);
    return { view, topic: undefined, pins: view.state.pins };
  }
  await requireInTopic(view, caller, right);
  const topic = await requireTopic(view, topicId);
  return { view, topic, pins: topic.pins };
}

function pin(board: Board, { msgSeq, operator }: PinRequest, caller: Caller): Decided<undefined> {
  const { pins, view } = board;
  const known = pins.find((one) => one.msgSeq === msgSeq);
  if (known !== undefined) {
    const isDone = caller.isBackEnd || (caller.isRetry && known.pinner === operator);
    if (isDone) return { answer: undefined };
    throw new ChatError(ErrorCode.GROUP_ALREADY_PINNED, 'the message is pinned already');
  }
  if (pins.length >= PINS_MAX) {
    throw new ChatError(ErrorCode.GROUP_PINS_TOO_MANY, `a group has at most ${PINS_MAX} pinned messages`);
  }
  const fresh = create(groupv1.PinSchema, { msgSeq, pinner: operator, timeMs: BigInt(view.nowMs) });
  return changed(board, [...pins, fresh], { msgSeq, operator, pinned: true });
}

function unpin(board: Board, { msgSeq, operator }: PinRequest): Decided<undefined> {
  const left = board.pins.filter((one) => one.msgSeq !== msgSeq);
  if (left.length === board.pins.length) return { answer: undefined };
  return changed(board, left, { msgSeq, operator, pinned: false });
}

function changed(
  { view, topic }: Board,
  pins: groupv1.Pin[],
  what: { readonly msgSeq: bigint; readonly operator: string; readonly pinned: boolean },
): Decided<undefined> {
  const draft = new ChangeDraft(view, { operator: what.operator, isSilent: false });
  if (topic === undefined) draft.state.pins = pins;
  else draft.intent.topics.push({ ...topic, pins });
  const value = create(groupv1.PinsChangedSchema, { ...what, topicId: topic?.topic?.topicId ?? '' });
  draft.record({ case: 'pinsChanged', value });
  return { answer: undefined, next: draft };
}
