// The parts of a session and who knows whom. Nothing else lives here.
import type { groupv1 } from '@parley/proto';
import { CallChannel } from '../calls/call-channel.js';
import { Caller } from '../calls/caller.js';
import { Connection, type ConnectionEvents } from '../connection/connection.js';
import { STORED_MESSAGES_MAX } from '../constants/limits.js';
import type { EventHub } from '../events/event-hub.js';
import type { Logger } from '../events/logger.js';
import { FollowCalls } from '../follows/follow-calls.js';
import { ApplicationCalls, type ApplicationCallsOptions } from '../groups/application-calls.js';
import { GroupBook } from '../groups/group-book.js';
import { GroupCalls, type GroupCallsOptions } from '../groups/group-calls.js';
import { GroupSync } from '../groups/group-sync.js';
import { MemberCalls, type MemberCallsOptions } from '../groups/member-calls.js';
import { PinCalls } from '../groups/pin-calls.js';
import { ValueCalls, type ValueCallsOptions } from '../groups/value-calls.js';
import { VisitorCalls } from '../groups/visitor-calls.js';
import { type ChangeParts, createChangeParts } from '../message-changes/change-parts.js';
import { type ConversationAddress, inGroup, isTopicID } from '../messages/conversation-kind.js';
import { MessageStore } from '../messages/message-store.js';
import type { Message } from '../model/message.js';
import type { ProfileCalls } from '../profiles/profile-calls.js';
import { ExtensionCalls } from '../receipts/extension-calls.js';
import { ReceiptCalls } from '../receipts/receipt-calls.js';
import { createRelations, type Relations } from '../relations/create-relations.js';
import { Sender } from '../send/sender.js';
import { StatusCalls } from '../statuses/status-calls.js';
import { askMessages } from '../sync/ask-messages.js';
import { Changes } from '../sync/changes.js';
import { ConversationBook } from '../sync/conversation-book.js';
import type { ConversationState } from '../sync/conversation-state.js';
import { GapRepair } from '../sync/gap-repair.js';
import { HeadSync } from '../sync/head-sync.js';
import { History } from '../sync/history.js';
import { Inbox, type OtherEvent } from '../sync/inbox.js';
import { ReadMarks } from '../sync/read-marks.js';
import { RemindCalls, type RemindCallsOptions } from '../sync/remind-calls.js';
import { SharedTimer } from '../time/shared-timer.js';
import { TopicBook } from '../topics/topic-book.js';
import { TopicCalls, type TopicCallsOptions } from '../topics/topic-calls.js';
import { TopicSync } from '../topics/topic-sync.js';
import type { ChatSettings } from './settings.js';

export interface SessionPartsInput {
  readonly self: string;
  readonly settings: ChatSettings;
  readonly hub: EventHub;
  readonly logger: Logger;
  readonly connectionEvents: ConnectionEvents;
  readonly onFirst: () => void;
}

export interface SessionParts extends SideParts, ChangeParts {
  readonly timer: SharedTimer;
  readonly connection: Connection;
  readonly channel: CallChannel;
  readonly caller: Caller;
  readonly book: ConversationBook;
  readonly store: MessageStore;
  readonly changes: Changes;
  readonly sender: Sender;
  readonly readMarks: ReadMarks;
  readonly repair: GapRepair<ConversationState>;
  readonly inbox: Inbox;
  readonly heads: HeadSync;
  readonly history: History;
  readonly groups: GroupBook;
  readonly groupSync: GroupSync;
  readonly groupCalls: GroupCalls;
  readonly memberCalls: MemberCalls;
  readonly visitorCalls: VisitorCalls;
  readonly remindCalls: RemindCalls;
  readonly applicationCalls: ApplicationCalls;
  readonly valueCalls: ValueCalls;
  readonly pinCalls: PinCalls;
  readonly topicCalls: TopicCalls;
}

interface SideParts {
  readonly profileCalls: ProfileCalls;
  readonly followCalls: FollowCalls;
  readonly statusCalls: StatusCalls;
  readonly relations: Relations;
  readonly receiptCalls: ReceiptCalls;
  readonly extensionCalls: ExtensionCalls;
}

export function createSessionParts(input: SessionPartsInput): SessionParts {
  const known = createKnown(input);
  const { channel, caller, timer, book, topics } = known;
  const sender: Sender = new Sender({
    ...input.settings,
    channel,
    timer,
    onStored: (record) => inbox.acknowledge(record),
  });
  const onStale = (address: ConversationAddress) => heads.refreshSoon(address);
  const readMarks: ReadMarks = new ReadMarks({ ...known, onUncounted: onStale });
  const pinCalls = new PinCalls(known);
  const side = createSide(known);
  const groupSync: GroupSync = new GroupSync({
    ...known,
    onSelf: (groupID) => topicSync.onSelf(groupID),
    onLeft: (groupID) => topics.forget(groupID),
    onPinsChanged: (groupID, pins) => pinCalls.onChanged(groupID, pins),
    openConversation: (groupID) => heads.openUpTo(inGroup(groupID), 0),
  });
  const topicSync: TopicSync = new TopicSync({
    ...known,
    takeConversation: (conversation, fills) => void heads.apply(conversation, fills),
    refreshGroup: (groupID) => groupSync.refreshSoon(groupID),
  });
  book.onOpen = (state) => {
    groupSync.onConversationOpened(state);
    topicSync.onConversationOpened(state);
    side.relations.showRemark(state);
  };
  const { onExcluded, ...news } = followGroups(groupSync, topicSync);
  const repair: GapRepair<ConversationState> = new GapRepair({
    ...known,
    ask: (state) => askMessages(state, { caller, inbox }),
    onLateFill: (state) => onStale(state.address),
    onExcluded: ({ peer }) => onExcluded(peer),
  });
  const changeParts = createChangeParts({
    ...{ ...known, onUncertain: onStale },
    onUncertainView: () => heads.run(),
    onExcluded,
  });
  const { messageChanges } = changeParts;
  const inbox: Inbox = new Inbox({
    ...known,
    messageChanges,
    sender,
    readMarks,
    onGap: (state) => repair.request(state),
    onUncounted: onStale,
    onStranger: onStale,
    onUnopened: (address, seq) => void heads.openUpTo(address, seq),
    ...news,
    onOther: (event) => handleOther({ ...side, ...calls }, event),
    onOverflow: () => heads.run(),
  });
  const heads: HeadSync = new HeadSync({
    ...known,
    messageChanges,
    inbox,
    readMarks,
    onGap: (state) => repair.request(state),
    listGroups: () => groupSync.list(),
    followTopics: (areTopicsWanted) => topicSync.follow(areTopicsWanted),
    onFirst: input.onFirst,
  });
  const history = new History({ ...known, heads, repair, messageChanges });
  const calls: GroupCallsParts = createGroupCalls({ ...known, groupSync, topicSync, onStale });
  return {
    ...known,
    ...{ sender, readMarks, repair, inbox, heads, history },
    ...{ groupSync, pinCalls, ...calls, ...side, ...changeParts },
  };
}

/** What is heard of groups and topics goes to both. */
function followGroups(groupSync: GroupSync, topicSync: TopicSync) {
  return {
    onNews: (message: Message) => {
      groupSync.onNews(message);
      topicSync.onTip(message);
    },
    onGroupEvent: (event: groupv1.GroupEvent) => {
      groupSync.onEvent(event);
      topicSync.onEvent(event);
    },
    /** The server says that the user is not in this group, or topic. */
    onExcluded: (peer: string) => {
      if (isTopicID(peer)) void topicSync.readAgain(peer);
      else groupSync.refreshSoon(peer);
    },
  };
}

type SideInput = Parameters<typeof createRelations>[0] &
  ConstructorParameters<typeof ReceiptCalls>[0] &
  ConstructorParameters<typeof StatusCalls>[0];

/** What stands beside messages and conversations. */
function createSide(known: SideInput): SideParts {
  const relations = createRelations(known);
  return {
    relations,
    profileCalls: relations.profileCalls,
    followCalls: new FollowCalls(known),
    statusCalls: new StatusCalls(known),
    receiptCalls: new ReceiptCalls(known),
    extensionCalls: new ExtensionCalls(known),
  };
}

function handleOther(
  side: SideParts & Pick<SessionParts, 'remindCalls'>,
  { case: kind, value }: OtherEvent,
): void {
  if (kind === 'profile') side.profileCalls.onEvent(value);
  else if (kind === 'follow') side.followCalls.onEvent(value);
  else if (kind === 'presence') side.statusCalls.onEvent(value);
  else if (kind === 'relation') side.relations.sync.onEvent(value);
  else if (kind === 'receipts') side.receiptCalls.onNotice(value);
  else if (kind === 'receiveOption') side.remindCalls.onNotice(value.peers);
  else if (kind === 'extensions') side.extensionCalls.onNotice(value);
}

type GroupCallsInput = GroupCallsOptions &
  TopicCallsOptions &
  ValueCallsOptions &
  Omit<RemindCallsOptions & MemberCallsOptions & ApplicationCallsOptions, 'groupCalls' | 'visitorCalls'>;

type GroupCallsParts = Pick<
  SessionParts,
  | 'groupCalls'
  | 'memberCalls'
  | 'visitorCalls'
  | 'remindCalls'
  | 'applicationCalls'
  | 'valueCalls'
  | 'topicCalls'
>;

/** What an app asks of groups and topics. */
function createGroupCalls(known: GroupCallsInput): GroupCallsParts {
  const groupCalls = new GroupCalls(known);
  const visitorCalls = new VisitorCalls(known);
  return {
    groupCalls,
    visitorCalls,
    memberCalls: new MemberCalls({ ...known, groupCalls, visitorCalls }),
    remindCalls: new RemindCalls({ ...known, groupCalls }),
    applicationCalls: new ApplicationCalls({ ...known, groupCalls }),
    valueCalls: new ValueCalls(known),
    topicCalls: new TopicCalls(known),
  };
}

/** What does not know the rest. */
function createKnown({ self, settings, hub, logger, connectionEvents }: SessionPartsInput) {
  const { clock, random } = settings;
  const timer = new SharedTimer(clock);
  const connection = new Connection({ ...settings, timer, logger }, connectionEvents);
  const channel = new CallChannel((frame) => connection.send(frame), timer);
  const caller = new Caller({ channel, clock, timer, random });
  const book = new ConversationBook(self);
  const groups = new GroupBook();
  const topics = new TopicBook(self, book);
  const store = new MessageStore(STORED_MESSAGES_MAX);
  const changes = new Changes({ hub, book, groups, topics });
  return {
    ...{ self, hub, logger, clock, random, timer, connection, channel, caller },
    ...{ book, groups, topics, store, changes },
  };
}
