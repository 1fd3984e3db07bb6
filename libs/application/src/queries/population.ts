import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CustomerHistory, type Evidence, foldCustomer, type Instant, rootOf, type Standing } from '@afecto/domain';
import { customerRowOf, historyOf, ledgerSource, type World } from '@afecto/projections';
import type { EventStore } from '@afecto/event-store';
import type { CustomerRow, ReadModels } from '@afecto/read-models';

/** Between pages the event loop has its turn. */
const PARTIES_A_PAGE = 100;

export interface PopulationMember {
  readonly row: CustomerRow;
  readonly items: Standing['items'];
  readonly evidence: Evidence;
  readonly standing: Standing;
  /** What it was folded from. */
  readonly history: CustomerHistory;
}

/**
 * Every customer as of an instant, ascending by party id, folded one after another from the ledger:
 * memory stays flat, time grows with the facts of all. For questions about the past and for reviews.
 */
export async function* customersAt(
  readModels: ReadModels,
  store: EventStore,
  world: World,
  asOf: Instant,
): AsyncGenerator<PopulationMember> {
  const source = ledgerSource(readModels, store);
  let after: string | null = null;
  for (;;) {
    const page: ReadonlyArray<string> = await readModels.partyIds(after, PARTIES_A_PAGE);
    for (const partyId of page) {
      if (rootOf(world.links, partyId) !== partyId) continue;
      const history = await historyOf(partyId, world, source, { until: asOf });
      if (history === null) continue;
      const folded = foldCustomer(history, world.regime, asOf);
      const { fold, standing } = folded;
      yield {
        row: customerRowOf(fold.evidence, folded, world.regime),
        items: standing.items,
        evidence: fold.evidence,
        standing,
        history,
      };
    }
    after = page.at(-1) ?? null;
    if (after === null) return;
    await nextTurn();
  }
}
