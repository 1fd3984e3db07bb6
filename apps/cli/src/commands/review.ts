import { randomUUID } from 'node:crypto';
import { type Afecto, openAfecto } from '@afecto/application';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { progressLine, rate } from '../terminal/progress';
import { done, failed, json, type Outcome, refused } from './outcome';

/** The person at the command line acts with every role: who can open the log can write to it. */
export const OPERATOR: Parameters<Afecto['commands']['execute']>[0]['actor'] = {
  kind: 'agent',
  id: 'command-line',
  roles: ['supervisor', 'revenue_officer', 'relationship_manager', 'analyst'],
};

export const reviewPortfolio = async (settings: CommandSettings): Promise<Outcome> => {
  const opened = await openAfecto(settings);
  if (E.isLeft(opened)) return failed(opened.left.message);
  const afecto = opened.right;
  const line = progressLine('review', !settings.json);
  const started = performance.now();
  const reviewed = await afecto.reviewPortfolio({
    commandId: randomUUID(),
    actor: OPERATOR,
    onProgress: (customers) => line.update(customers, null, rate(customers, started)),
    ...(settings.asOf === undefined ? {} : { asOf: settings.asOf }),
  });
  line.end();
  if (E.isRight(reviewed)) await afecto.projections.waitFor(reviewed.right.position, 600_000);
  await afecto.close();
  if (E.isLeft(reviewed)) return refused(`${reviewed.left.code}: ${reviewed.left.message}`);
  return done(settings.json ? json(reviewed.right) : `portfolio reviewed, at position ${reviewed.right.position}`);
};
