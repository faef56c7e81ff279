// The invariants I1-I9: what must hold for every message of every run, whatever
// was killed, cut, dropped or repeated on the way.
//
//   I1 every acked id is stored exactly once, with the acked sequence
//   I2 every id that a device shows is stored
//   I3 no device shows an id twice
//   I4 every device shows a conversation in the order of seq
//   I5 in the end every device holds every message it is entitled to, and has shown every one that came after
//      the first it showed: a list that it asks for is no delivery
//   I6 no number is stored twice, and stored numbers rise
//   I7 no device skipped a message and showed a later one first
//   I8 a device's sends keep their order
//   I9 unread is what the store says, on every device
import type {
  AckEvent,
  DeviceView,
  History,
  SendEvent,
  ShownEvent,
  StoredConversation,
  StoredMessage,
} from './history.js';

export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9';

export interface Violation {
  readonly invariant: Invariant;
  readonly detail: string;
}

export interface CheckReport {
  readonly sent: number;
  readonly acked: number;
  readonly shown: number;
  readonly stored: number;
  /** How many judgements each invariant made; zero means that the run proved nothing about it. */
  readonly judged: Readonly<Record<Invariant, number>>;
  readonly violations: readonly Violation[];
}

class Verdict {
  readonly violations: Violation[] = [];
  readonly judged: Record<Invariant, number> = {
    I1: 0,
    I2: 0,
    I3: 0,
    I4: 0,
    I5: 0,
    I6: 0,
    I7: 0,
    I8: 0,
    I9: 0,
  };

  judge(invariant: Invariant, holds: boolean, detail: () => string): void {
    this.judged[invariant] += 1;
    if (!holds) this.violations.push({ invariant, detail: detail() });
  }
}

interface Index {
  /** The copies of an id that are stored; more than one is a violation. */
  readonly copiesOf: ReadonlyMap<string, readonly StoredMessage[]>;
  readonly conversation: ReadonlyMap<string, StoredConversation>;
  /** The device that sent an id. */
  readonly deviceOf: ReadonlyMap<string, string>;
  readonly sends: readonly SendEvent[];
  readonly acks: readonly AckEvent[];
  readonly shown: readonly ShownEvent[];
}

function indexHistory(history: History): Index {
  const copiesOf = new Map<string, StoredMessage[]>();
  for (const message of history.stored.flatMap(({ messages }) => messages)) {
    const known = copiesOf.get(message.id);
    if (known) known.push(message);
    else copiesOf.set(message.id, [message]);
  }
  const sends = history.events.filter((event) => event.kind === 'send');
  return {
    copiesOf,
    conversation: new Map(history.stored.map((entry) => [entry.conversation, entry])),
    deviceOf: new Map(sends.map(({ id, device }) => [id, device])),
    sends,
    acks: history.events.filter((event) => event.kind === 'ack'),
    shown: history.events.filter((event) => event.kind === 'shown'),
  };
}

function checkAcked(index: Index, verdict: Verdict): void {
  for (const { id, sequence } of index.acks) {
    const copies = index.copiesOf.get(id) ?? [];
    verdict.judge('I1', copies.length === 1 && copies[0]?.sequence === sequence, () =>
      copies.length === 0
        ? `acked ${id} is lost`
        : `acked ${id} (sequence ${sequence}) is stored as [${copies.map((copy) => `${copy.seq}/${copy.sequence}`)}]`,
    );
  }
}

function checkNumbers(history: History, verdict: Verdict): void {
  for (const { conversation, messages } of history.stored) {
    for (let i = 1; i < messages.length; i += 1) {
      const [before, after] = [messages[i - 1], messages[i]];
      if (!before || !after) continue;
      verdict.judge(
        'I6',
        after.seq > before.seq,
        () => `${conversation}: seq ${after.seq} follows ${before.seq}`,
      );
    }
  }
}

/** What each device showed live, per conversation, in the order it showed it. */
function groupShown(shown: readonly ShownEvent[]): Map<string, ShownEvent[]> {
  const groups = new Map<string, ShownEvent[]>();
  for (const event of shown) {
    const key = `${event.device} ${event.conversation}`;
    const group = groups.get(key);
    if (group) group.push(event);
    else groups.set(key, [event]);
  }
  return groups;
}

function checkShown(index: Index, verdict: Verdict): void {
  for (const [key, events] of groupShown(index.shown)) {
    const seen = new Set<string>();
    const seqs: bigint[] = [];
    for (const { id } of events) {
      const seq = index.copiesOf.get(id)?.[0]?.seq;
      verdict.judge('I2', seq !== undefined, () => `${key}: shown ${id} is not stored`);
      verdict.judge('I3', !seen.has(id), () => `${key}: ${id} is shown twice`);
      seen.add(id);
      if (seq === undefined) continue;
      const last = seqs.at(-1) ?? 0n;
      verdict.judge('I4', seq >= last, () => `${key}: seq ${seq} is shown after ${last}`);
      seqs.push(seq);
    }
    if (events[0]) checkSkipped(key, events[0], { seen, seqs }, index, verdict);
    if (events[0]) checkTail(key, events[0], seqs, index, verdict);
  }
}

/** I7: between the first and the last message that a device showed, it showed every one that it had not sent itself. */
function checkSkipped(
  key: string,
  { device, conversation }: ShownEvent,
  { seen, seqs }: { seen: ReadonlySet<string>; seqs: readonly bigint[] },
  index: Index,
  verdict: Verdict,
): void {
  const [first, last] = [seqs[0], seqs.at(-1)];
  if (first === undefined || last === undefined) return;
  for (const { id, seq } of index.conversation.get(conversation)?.messages ?? []) {
    if (seq <= first || seq >= last || index.deviceOf.get(id) === device) continue;
    verdict.judge('I7', seen.has(id), () => `${key}: seq ${seq} (${id}) was skipped`);
  }
}

/** I5 without asking for it: nothing stands above the last message that a device showed but what it sent itself. */
function checkTail(
  key: string,
  { device, conversation }: ShownEvent,
  seqs: readonly bigint[],
  index: Index,
  verdict: Verdict,
): void {
  const last = seqs.toSorted((a, b) => (a < b ? -1 : 1)).at(-1);
  if (last === undefined) return;
  for (const { id, seq } of index.conversation.get(conversation)?.messages ?? []) {
    if (seq <= last || index.deviceOf.get(id) === device) continue;
    verdict.judge('I5', false, () => `${key}: seq ${seq} (${id}) was never shown`);
  }
}

function checkViews(history: History, index: Index, verdict: Verdict): void {
  for (const view of history.views) {
    const messages = index.conversation.get(view.conversation)?.messages ?? [];
    const where = `${view.device} ${view.conversation}`;
    const held = new Set(view.ids);
    for (const { id, seq } of messages) {
      verdict.judge('I5', held.has(id), () => `${where}: misses seq ${seq} (${id})`);
    }
    verdict.judge('I3', held.size === view.ids.length, () => `${where}: the list holds an id twice`);
    const order = messages.map(({ id }) => id).filter((id) => held.has(id));
    const listed = view.ids.filter((id) => index.copiesOf.has(id));
    verdict.judge(
      'I4',
      order.join() === listed.join(),
      () => `${where}: the list is not in the order of seq`,
    );
    checkUnread(view, messages, where, verdict);
  }
}

function checkUnread(
  view: DeviceView,
  messages: StoredConversation['messages'],
  where: string,
  verdict: Verdict,
): void {
  const lastOwn = view.isSendingReading ? messages.findLast(({ sender }) => sender === view.user) : undefined;
  const readSeq = lastOwn !== undefined && lastOwn.seq > view.readSeq ? lastOwn.seq : view.readSeq;
  const expected = messages.filter(
    ({ seq, sender, countsAsUnread }) => countsAsUnread && sender !== view.user && seq > readSeq,
  ).length;
  verdict.judge(
    'I9',
    view.unread === expected,
    () => `${where}: unread ${view.unread}, the store says ${expected}`,
  );
}

function checkSenderOrder(index: Index, verdict: Verdict): void {
  const last = new Map<string, { id: string; seq: bigint }>();
  for (const { id, device, conversation } of index.sends) {
    const seq = index.copiesOf.get(id)?.[0]?.seq;
    if (seq === undefined) continue;
    const key = `${device} ${conversation}`;
    const before = last.get(key);
    if (before) {
      verdict.judge(
        'I8',
        seq > before.seq,
        () => `${key}: ${id} (seq ${seq}) was sent after ${before.id} (${before.seq})`,
      );
    }
    last.set(key, { id, seq });
  }
}

/** Judges a finished run. The history must be quiescent: every client connected, nothing in flight. */
export function checkHistory(history: History): CheckReport {
  const verdict = new Verdict();
  const index = indexHistory(history);
  checkAcked(index, verdict);
  checkNumbers(history, verdict);
  checkShown(index, verdict);
  checkViews(history, index, verdict);
  checkSenderOrder(index, verdict);
  return {
    sent: index.sends.length,
    acked: index.acks.length,
    shown: index.shown.length,
    stored: history.stored.reduce((sum, { messages }) => sum + messages.length, 0),
    judged: verdict.judged,
    violations: verdict.violations,
  };
}
