import { userInfo } from 'node:os';
import { personalReadsOf } from '@afecto/application';
import { openAuditTrail, type PersonalRead } from '@afecto/privacy';
import type { CommandSettings } from '../settings';

/**
 * Puts on record that the person at the command line takes personal data (`domain.md §17.8`). The text says
 * why it could not be: then nothing is to be handed out.
 */
export const onRecord = async (
  why: string,
  parties: PersonalRead['parties'],
  settings: Parameters<typeof personalReadsOf>[0] & Pick<CommandSettings, 'reason'>,
): Promise<string | null> => {
  const trail = openAuditTrail(personalReadsOf(settings), () => undefined);
  const reason = settings.reason === undefined ? '' : `: ${settings.reason}`;
  trail.record({ who: userInfo().username, why: `${why}${reason}`, at: Date.now(), parties });
  try {
    await trail.close();
    return null;
  } catch (error) {
    return `${trail.file} cannot be written, and nothing is handed out that is not on record: ${String(error)}`;
  }
};
