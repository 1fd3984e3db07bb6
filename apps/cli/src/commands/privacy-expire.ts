import { type ExpiryRun, openAfecto } from '@afecto/application';
import { type PersonalClass, toIso } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { counted } from '../terminal/numbers';
import { progressLine } from '../terminal/progress';
import { openToAsk } from './asking';
import { denied, done, failed, interrupted, json, type Outcome } from './outcome';
import { existingStore } from './store-file';

const customers = (count: number): string => counted(count, 'customer');

const told = ({ content, identity, waiting }: ExpiryRun): string =>
  [
    `Free text of ${customers(content)} is erased, and everything personal of ${customers(identity)}.`,
    ...(waiting === 0
      ? []
      : [`${customers(waiting)} wait: facts of theirs are dated ahead, or lie behind a dead letter.`]),
  ].join('\n');

const words: Readonly<Record<PersonalClass, string>> = { content: 'free text', identity: 'everything personal' };

/** Who is due by now, and for what; nothing is erased. Beside a server, as its read models are. */
export const listExpired = async (settings: CommandSettings, signal: AbortSignal): Promise<Outcome> => {
  const opened = await openToAsk(settings, signal);
  if (E.isLeft(opened))
    return opened.left.code === 'Interrupted' ? interrupted(opened.left.message) : failed(opened.left.message);
  const asking = opened.right;
  try {
    const due: { readonly partyId: string; readonly class: PersonalClass; readonly expiresAt: string }[] = [];
    for await (const { partyId, class: personalClass, expiresAt } of asking.expiring())
      due.push({ partyId, class: personalClass, expiresAt: toIso(expiresAt) });
    if (settings.json) return done(json(due));
    return done(
      due.length === 0
        ? 'Nothing has expired.'
        : due.map((each) => `${each.partyId}  ${words[each.class]}, since ${each.expiresAt}`).join('\n'),
    );
  } finally {
    await asking.close();
  }
};

/** Erases what has expired by the clock's now, and waits until no file of the system holds a copy. */
export const expirePersonalData = async (settings: CommandSettings, signal: AbortSignal): Promise<Outcome> => {
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return failed(existing.left.message);
  const opened = await openAfecto(settings, { signal });
  if (E.isLeft(opened)) {
    const { code, message } = opened.left;
    if (code === 'Interrupted') return interrupted(message);
    return failed(code === 'StoreHeld' ? `${message}\nIt erases what has expired at every day boundary.` : message);
  }
  const afecto = opened.right;
  const line = progressLine('expire', !settings.json);
  let begun = 0;
  try {
    const run = await afecto.expiries.expire(afecto.settings.now(), {
      signal,
      onExpired: () => line.update((begun += 1), null, customers(begun)),
    });
    line.end();
    if (signal.aborted) return interrupted('Interrupted; the next run goes on.', told(run));
    return done(settings.json ? json(run) : told(run));
  } catch (error) {
    return denied(
      `Not finished; the next run or start goes on: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    line.end();
    await afecto.close();
  }
};
