// Hashes and sets: things with members, which come into being with their first one.
import type { Hash } from '../coordination.js';
import { MEMBERS_MAX } from '../limits.js';
import { checkMembers, checkTtl, checkValue, tooManyMembers, wrongKind } from '../request-checks.js';
import type { Entry } from './entry.js';
import type { MemorySpace } from './memory-space.js';

/** Estimate of what a member of a set or a field of a hash costs beside its texts. */
const MEMBER_BYTES = 48;

const fieldBytes = (name: string, value: string): number => MEMBER_BYTES + name.length + value.length;

export function writeFields(space: MemorySpace, key: string, fields: Hash): void {
  const written = Object.entries(fields);
  checkMembers(Object.keys(fields));
  for (const [, value] of written) checkValue(value);
  if (written.length === 0) return;
  const entry = space.find(key) ?? space.add(key, new Map(), 0, undefined);
  const hash = hashOf(entry);
  let added = 0;
  let bytes = 0;
  for (const [name, value] of written) {
    const old = hash.get(name);
    if (old === undefined) added += 1;
    bytes += fieldBytes(name, value) - (old === undefined ? 0 : fieldBytes(name, old));
  }
  if (hash.size + added > MEMBERS_MAX) throw tooManyMembers();
  growOrForget(space, entry, bytes, hash.size);
  for (const [name, value] of written) hash.set(name, value);
}

export function deleteFields(space: MemorySpace, key: string, names: readonly string[]): void {
  checkMembers(names);
  const entry = space.find(key);
  if (entry === undefined) return;
  const hash = hashOf(entry);
  for (const name of names) {
    const old = hash.get(name);
    if (old === undefined) continue;
    hash.delete(name);
    space.shrink(entry, fieldBytes(name, old));
  }
  if (hash.size === 0) space.remove(entry);
}

export function readFields(space: MemorySpace, key: string): Hash {
  const entry = space.find(key);
  return entry === undefined ? {} : Object.fromEntries(hashOf(entry));
}

export function addMembers(space: MemorySpace, key: string, members: readonly string[], ttlMs: number): void {
  checkMembers(members);
  checkTtl(ttlMs);
  let entry = space.find(key);
  if (entry === undefined) {
    if (members.length === 0) return;
    entry = space.add(key, new Set<string>(), 0, ttlMs);
  }
  const set = setOf(entry);
  const fresh = new Set(members.filter((member) => !set.has(member)));
  if (set.size + fresh.size > MEMBERS_MAX) throw tooManyMembers();
  let bytes = 0;
  for (const member of fresh) bytes += MEMBER_BYTES + member.length;
  growOrForget(space, entry, bytes, set.size);
  for (const member of fresh) set.add(member);
  space.expireAfter(entry, ttlMs);
}

export function findMembers(space: MemorySpace, key: string, members: readonly string[]): boolean[] {
  checkMembers(members);
  const entry = space.find(key);
  if (entry === undefined) return members.map(() => false);
  const set = setOf(entry);
  return members.map((member) => set.has(member));
}

/** A set or hash that could not get its first member must not stay behind empty. */
function growOrForget(space: MemorySpace, entry: Entry, bytes: number, size: number): void {
  try {
    space.grow(entry, bytes);
  } catch (thrown) {
    if (size === 0) space.remove(entry);
    throw thrown;
  }
}

function hashOf(entry: Entry): Map<string, string> {
  if (entry.payload instanceof Map) return entry.payload;
  throw wrongKind();
}

function setOf(entry: Entry): Set<string> {
  if (entry.payload instanceof Set) return entry.payload;
  throw wrongKind();
}
