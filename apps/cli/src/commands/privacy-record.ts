import { userInfo } from 'node:os';
import { personalReadsOf } from '@afecto/application';
import { checkAuditTrail, openAuditTrail, type PersonalRead } from '@afecto/privacy';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';

/** Who asks. A container may run as a user that has no name: then it is the number that the system knows. */
export const readerName = (lookUp: () => string = () => userInfo().username): string => {
  try {
    return lookUp();
  } catch {
    return `uid-${String(process.getuid?.())}`;
  }
};

const notOnRecord = (file: string, why: string): string =>
  `${file} cannot be written, and nothing is handed out that is not on record: ${why}`;

/**
 * Puts on record that the person at the command line takes personal data (`domain.md §17.8`). The text says
 * why it could not be: then nothing is to be handed out.
 */
export const onRecord = async (
  why: string,
  parties: PersonalRead['parties'],
  settings: Parameters<typeof personalReadsOf>[0] & Pick<CommandSettings, 'reason'>,
): Promise<string | null> => {
  const file = personalReadsOf(settings);
  const usable = checkAuditTrail(file);
  if (E.isLeft(usable)) return notOnRecord(file, usable.left);
  const trail = openAuditTrail(file, () => undefined);
  const reason = settings.reason === undefined ? '' : `: ${settings.reason}`;
  trail.record({ who: readerName(), why: `${why}${reason}`, at: Date.now(), parties });
  try {
    await trail.close();
    return null;
  } catch (error) {
    return notOnRecord(file, String(error));
  }
};
