import { randomUUID } from 'node:crypto';
import { type Afecto, openAfecto } from '@afecto/application';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { counted, rate } from '../terminal/numbers';
import { progressLine } from '../terminal/progress';
import { denied, done, failed, interrupted, json, type Outcome } from './outcome';
import { existingStore } from './store-file';

/** The person at the command line acts with every role: who can open the log can write to it. */
export const OPERATOR: Parameters<Afecto['commands']['execute']>[0]['actor'] = {
  kind: 'agent',
  id: 'command-line',
  roles: ['supervisor', 'revenue_officer', 'relationship_manager', 'analyst'],
};

/** How long the customers may take to be evaluated under the new review. */
const PROJECTED_WITHIN_MS = 600_000;

/** Reviews the portfolio as of now or `--as-of`, and waits until every customer stands under the review. */
export const reviewPortfolio = async (settings: CommandSettings, signal: AbortSignal): Promise<Outcome> => {
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return failed(existing.left.message);
  const opened = await openAfecto(settings, { signal });
  if (E.isLeft(opened))
    return opened.left.code === 'Interrupted' ? interrupted(opened.left.message) : failed(opened.left.message);
  const afecto = opened.right;
  const line = progressLine('review', !settings.json);
  const started = performance.now();
  try {
    const reviewed = await afecto.reviewPortfolio({
      commandId: randomUUID(),
      actor: OPERATOR,
      onProgress: (customers) =>
        line.update(customers, null, `${counted(customers, 'customer')}, ${rate(customers, started)}`),
      ...(settings.asOf === undefined ? {} : { asOf: settings.asOf }),
    });
    line.end();
    if (E.isLeft(reviewed)) return denied(`${reviewed.left.code}: ${reviewed.left.message}`);
    const { position } = reviewed.right;
    await afecto.projections.waitFor(position, PROJECTED_WITHIN_MS);
    return done(settings.json ? json(reviewed.right) : `Portfolio reviewed, at position ${position} of the log.`);
  } finally {
    await afecto.close();
  }
};
