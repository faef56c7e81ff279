// Several installations, or several runs of tests, on one cluster of brokers: every
// topic gets the installation's prefix, and nobody above notices.
import type { EventLog, Topic } from '@parley/event-log';

/** The log with every topic's name behind `prefix`, which must be usable in topic names; '' changes nothing. */
export function prefixedLog(log: EventLog, prefix: string): EventLog {
  if (prefix === '') return log;
  // The same declaration must stay the same object: engines may know topics by identity.
  const known = new Map<Topic, Topic>();
  const named = (topic: Topic): Topic => {
    const found = known.get(topic) ?? { ...topic, name: prefix + topic.name };
    known.set(topic, found);
    return found;
  };
  return {
    ensureTopics: (topics) => log.ensureTopics(topics.map(named)),
    append: (topic, key, value) => log.append(named(topic), key, value),
    partitionOf: (topic, key) => log.partitionOf(named(topic), key),
    subscribe: (options) => log.subscribe({ ...options, topic: named(options.topic) }),
    endOffsets: (topic) => log.endOffsets(named(topic)),
    committedOffsets: (topic, group) => log.committedOffsets(named(topic), group),
    deadLetters: (topic, limit) => log.deadLetters(named(topic), limit),
    close: () => log.close(),
  };
}
