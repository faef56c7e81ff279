// Names of groups at the brokers. A group of the port belongs to one topic; Kafka's name says so, which also
// tells from the name which topic a group holds back. Names of topics have no dots.

export const groupPrefixOf = (topic: string): string => `${topic}.`;
export const groupIdOf = (topic: string, group: string): string => `${groupPrefixOf(topic)}${group}`;
