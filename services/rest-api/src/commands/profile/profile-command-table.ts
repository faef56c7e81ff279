// The commands about profiles and global mutes.
import type { Command } from '../command.js';
import { getNoSpeaking, setNoSpeaking } from './nospeaking.js';
import { portraitGet } from './portrait-get.js';
import { portraitSet } from './portrait-set.js';

export const PROFILE_COMMANDS: readonly Command[] = [portraitSet, portraitGet, setNoSpeaking, getNoSpeaking];
