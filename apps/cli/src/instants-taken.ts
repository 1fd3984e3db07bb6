import type { CommandSettings } from './settings';

const INSTANT_OPTIONS = { asOf: '--as-of', knownAt: '--known-at' } as const;
type InstantOption = keyof typeof INSTANT_OPTIONS;

const BOTH: ReadonlyArray<InstantOption> = ['asOf', 'knownAt'];

/**
 * The instants that a command takes, or refuses in words of its own. One that is not named here takes none:
 * ignored they would pass for taken, by whoever erases what has expired by then as by whoever proves it.
 */
const TAKEN: ReadonlyMap<string, ReadonlyArray<InstantOption>> = new Map([
  ['profile', BOTH],
  ['explain', BOTH],
  ['view', BOTH],
  ['zones', BOTH],
  ['queues', BOTH],
  ['replay', BOTH],
  ['diff', BOTH],
  ['simulate', BOTH],
  ['analyse', BOTH],
  ['calibrate', BOTH],
  ['moments', BOTH],
  ['review', ['asOf']],
  ['figures', ['knownAt']],
  ['report', ['knownAt']],
]);

/** Why a command, by its words (`privacy export`), cannot be asked for the instants that it is given; null: it can. */
export const instantNotTaken = (command: string, settings: CommandSettings): string | null => {
  const taken = TAKEN.get(command) ?? [];
  const refused = BOTH.find((name) => settings[name] !== undefined && !taken.includes(name));
  return refused === undefined ? null : `afecto ${command} takes no ${INSTANT_OPTIONS[refused]}; nothing was done.`;
};
