import { userInfo } from 'node:os';
import { personalReadsOf } from '@afecto/application';
import { openAuditTrail, type PersonalRead } from '@afecto/privacy';
import type { CommandSettings } from '../settings';

/** Everybody in the log. */
export const EVERYBODY = '*';

/**
 * Puts on record that the person at the command line takes personal data (`domain.md §17.8`). The text says
 * why it could not be: then nothing is to be handed out.
 */
export const onRecord = async (
  why: string,
  parties: PersonalRead['parties'],
  settings: CommandSettings,
): Promise<string | null> => {
  const trail = openAuditTrail(personalReadsOf(settings), () => undefined);
  trail.record({ who: userInfo().username, why, at: Date.now(), parties });
  try {
    await trail.close();
    return null;
  } catch (error) {
    return `${trail.file} cannot be written, and nothing is handed out that is not on record: ${String(error)}`;
  }
};
