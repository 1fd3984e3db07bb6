import { accessExport, classesOfExport } from '@afecto/application';
import * as E from 'fp-ts/Either';
import { writeWhole } from '../export/output-file';
import type { CommandSettings } from '../settings';
import { counted } from '../terminal/numbers';
import { openToAsk } from './asking';
import { onRecord } from './privacy-record';
import { denied, done, failed, interrupted, json, type Outcome, unwritten } from './outcome';

const ONLY_OWNER = 0o600;

/** Writes everything that is known of a party, decrypted, for that party; that it was done is on record. */
export const exportParty = async (
  partyId: string,
  file: string | undefined,
  settings: CommandSettings,
  signal: AbortSignal,
): Promise<Outcome> => {
  const opened = await openToAsk(settings, signal);
  if (E.isLeft(opened))
    return opened.left.code === 'Interrupted' ? interrupted(opened.left.message) : failed(opened.left.message);
  const asking = opened.right;
  try {
    const handed = await accessExport(partyId, asking.sources);
    if (handed === null) return denied(`Nothing is known of party "${partyId}".`);
    const parties = new Map(handed.members.map((member) => [member, classesOfExport]));
    const unrecorded = await onRecord('afecto privacy export', parties, settings);
    if (unrecorded !== null) return failed(unrecorded);
    if (file === undefined || file === '-') return done(json(handed));
    await writeWhole(file, `${json(handed)}\n`, ONLY_OWNER);
    const texts =
      handed.freeTexts === 0 ? '' : `; ${counted(handed.freeTexts, 'free text')} to be read for names of others first`;
    return done(
      settings.json
        ? json({ file, events: handed.events.length })
        : `${counted(handed.events.length, 'event')} in ${file}${texts}`,
    );
  } catch (error) {
    return unwritten(error);
  } finally {
    await asking.close();
  }
};
