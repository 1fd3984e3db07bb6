import { randomUUID } from 'node:crypto';
import { openAfecto } from '@afecto/application';
import { type DomainError, isRecord } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { counted } from '../terminal/numbers';
import { denied, done, failed, interrupted, json, type Outcome } from './outcome';
import { OPERATOR } from './review';
import { existingStore } from './store-file';

export interface EraseOptions {
  /** By what the identity of whoever asks was verified. */
  readonly evidence: string;
  readonly request?: string;
  readonly basis?: string;
  readonly waive?: ReadonlyArray<string>;
}

/** Which obligations are open, as `--waive` takes them: whoever is refused must be able to close or to name them. */
const openObligations = ({ details }: Pick<DomainError, 'details'>): ReadonlyArray<string> => {
  const obligations: unknown = details?.['obligations'];
  return Array.isArray(obligations)
    ? obligations.filter(isRecord).map(({ kind, id }) => `  ${String(kind)} ${String(id)}`)
    : [];
};

/** Erases the personal data of a party and waits until no file of the system holds a copy. */
export const erasePersonalData = async (
  partyId: string,
  { evidence, request, basis, waive }: EraseOptions,
  settings: CommandSettings,
  signal: AbortSignal,
): Promise<Outcome> => {
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return failed(existing.left.message);
  let unfinished: string | null = null;
  const opened = await openAfecto(settings, {
    signal,
    onFailure: (message) => {
      unfinished = message;
    },
  });
  if (E.isLeft(opened)) {
    const { code, message } = opened.left;
    if (code === 'Interrupted') return interrupted(message);
    return failed(code === 'StoreHeld' ? `${message}\nIt erases itself: POST /v1/commands/ErasePersonalData` : message);
  }
  const afecto = opened.right;
  try {
    const erased = await afecto.commands.execute({
      name: 'ErasePersonalData',
      body: {
        partyId,
        evidenceRef: evidence,
        ...(request === undefined ? {} : { dsrId: request }),
        ...(basis === undefined ? {} : { basis }),
        ...(waive === undefined ? {} : { waived: waive }),
      },
      commandId: randomUUID(),
      actor: OPERATOR,
    });
    if (E.isLeft(erased)) {
      const { left } = erased;
      const open = 'details' in left ? openObligations(left) : [];
      return denied([`${left.code}: ${left.message}`, ...open].join('\n'));
    }
    const left = afecto.store.keys.pendingErasures().length;
    if (left > 0)
      return denied(`The keys are destroyed, but copies are left; the next start goes on: ${unfinished ?? ''}`);
    if (settings.json) return done(json(erased.right));
    const parties = erased.right.events.filter(({ type }) => type === 'PersonalDataErased').length;
    return done(
      `The personal data of ${counted(parties, 'party', 'parties')} are erased, at position ${erased.right.position} of the log.`,
    );
  } finally {
    await afecto.close();
  }
};
