// The invariants I1-I9: what must hold for every message of every run, whatever
// was killed, cut, dropped or repeated on the way.
//
//   I1 every acked id is stored exactly once, under the acked seq
//   I2 every id that a device shows is stored
//   I3 no device shows an id twice
//   I4 every device shows a conversation in the order of seq
//   I5 in the end every device holds every message it is entitled to
//   I6 no number is stored twice, and stored numbers rise
//   I7 no device skipped a message and showed a later one first
//   I8 a device's sends keep their order
//   I9 unread is what the store says, on every device
import type { AckEvent, DeviceView, History, SendEvent, ShownEvent, StoredConversation } from './history.js';

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
  /** Seqs under which an id is stored. */
  readonly seqsOf: ReadonlyMap<string, readonly bigint[]>;
  readonly conversation: ReadonlyMap<string, StoredConversation>;
  readonly sends: readonly SendEvent[];
  readonly acks: readonly AckEvent[];
  readonly shown: readonly ShownEvent[];
}

function indexHistory(history: History): Index {
  const seqsOf = new Map<string, bigint[]>();
  for (const { messages } of history.stored) {
    for (const { id, seq } of messages) {
      const known = seqsOf.get(id);
      if (known) known.push(seq);
      else seqsOf.set(id, [seq]);
    }
  }
  return {
    seqsOf,
    conversation: new Map(history.stored.map((entry) => [entry.conversation, entry])),
    sends: history.events.filter((event) => event.kind === 'send'),
    acks: history.events.filter((event) => event.kind === 'ack'),
    shown: history.events.filter((event) => event.kind === 'shown'),
  };
}

function checkAcked(index: Index, verdict: Verdict): void {
  for (const { id, seq } of index.acks) {
    const seqs = index.seqsOf.get(id) ?? [];
    verdict.judge('I1', seqs.length === 1 && seqs[0] === seq, () =>
      seqs.length === 0
        ? `acked ${id} (seq ${seq}) is lost`
        : `acked ${id} (seq ${seq}) is stored under [${seqs}]`,
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
    let last = 0n;
    for (const { id, seq } of events) {
      verdict.judge('I2', index.seqsOf.has(id), () => `${key}: shown ${id} is not stored`);
      verdict.judge('I3', !seen.has(id), () => `${key}: ${id} is shown twice`);
      verdict.judge('I4', seq > last, () => `${key}: seq ${seq} is shown after ${last}`);
      seen.add(id);
      if (seq > last) last = seq;
    }
    checkSkipped(key, events, index, verdict);
  }
}

/** I7: between the first and the last message that a device showed, it showed every one that it had not sent itself. */
function checkSkipped(key: string, events: readonly ShownEvent[], index: Index, verdict: Verdict): void {
  const [first, last] = [events[0], events[events.length - 1]];
  if (!first || !last) return;
  const shown = new Set(events.map((event) => event.id));
  const own = new Set(index.sends.filter((send) => send.device === first.device).map((send) => send.id));
  for (const { id, seq } of index.conversation.get(first.conversation)?.messages ?? []) {
    if (seq <= first.seq || seq >= last.seq || own.has(id)) continue;
    verdict.judge('I7', shown.has(id), () => `${key}: seq ${seq} (${id}) was skipped`);
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
    const listed = view.ids.filter((id) => index.seqsOf.has(id));
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
  const expected = messages.filter(
    ({ seq, sender, countsAsUnread }) => countsAsUnread && sender !== view.user && seq > view.readSeq,
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
    const seq = index.seqsOf.get(id)?.[0];
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
