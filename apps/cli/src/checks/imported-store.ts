import { join } from 'node:path';
import { type Afecto, openAfecto, openIntakeOnly } from '@afecto/application';
import type { Instant } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import { OPERATOR } from '../commands/review';
import { takeIn } from '../commands/take-in';
import { temporaryFolder } from '../commands/temporary-folder';
import type { ImportReport, Opened } from '../import/source';
import type { Placement } from './raw-orders';

const right = <A>(outcome: E.Either<{ readonly message: string }, A>): A => {
  if (E.isLeft(outcome)) throw new Error(outcome.left.message);
  return outcome.right;
};

/** A store that a file was imported into and whose portfolio was reviewed. */
export interface Imported {
  readonly afecto: Afecto;
  readonly report: ImportReport;
  readonly placements: ReadonlyArray<Placement>;
  /** Closes the store and removes it. */
  readonly close: () => Promise<void>;
}

const placementsOf = async ({ store }: Afecto): Promise<ReadonlyArray<Placement>> => {
  const placements: Placement[] = [];
  for await (const events of store.readAll({}))
    for (const { type, data, metadata } of events) {
      if (type !== 'OrderPlaced' || typeof data !== 'object' || data === null || !('orderId' in data)) continue;
      const at = Date.parse(String(metadata['occurredAt']));
      placements.push({ orderId: String(data['orderId']), partyId: String(data['partyId']), at });
    }
  return placements;
};

/**
 * Imports a file as `afecto import` does into a temporary store, with the clock standing at `now`, and
 * reviews the portfolio as of then. Throws when anything is refused.
 */
export const importedStore = async (open: () => Opened<unknown>, now: Instant): Promise<Imported> => {
  const folder = temporaryFolder('afecto-check-');
  const settings = {
    eventStore: `sqlite:${join(folder.path, 'log.db')}`,
    readModels: join(folder.path, 'read-models.db'),
    quarantine: join(folder.path, 'quarantine.db'),
    now: () => now,
  };
  const source = right(open());
  const { intake, close } = right(await openIntakeOnly(settings));
  const signal = new AbortController().signal;
  const { rejected } = right(await takeIn(intake, source, { shown: false, signal }));
  await close();
  if (rejected > 0) throw new Error(`${rejected} facts were refused`);
  const afecto = right(await openAfecto(settings));
  right(await afecto.reviewPortfolio({ commandId: 'review', actor: OPERATOR }));
  const WITHIN_MS = 600_000;
  if (!(await afecto.projections.waitFor(await afecto.store.head(), WITHIN_MS)))
    throw new Error('the customers did not come to stand under the review');
  return {
    afecto,
    report: source.report(),
    placements: await placementsOf(afecto),
    close: async () => {
      await afecto.close();
      folder.remove();
    },
  };
};
