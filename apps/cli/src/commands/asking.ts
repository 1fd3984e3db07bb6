import {
  type AccessExportSources,
  type Answers,
  createAnswers,
  OpenWork,
  customersAt,
  type Expiring,
  expiringCustomers,
  type OpenFailure,
  openReadOnlyStore,
  type PopulationMember,
  type When,
} from '@afecto/application';
import { type Instant, type Policy, policyAt, type Regime } from '@afecto/domain';
import {
  compareCustomers,
  type CompareOptions,
  type CustomersCompared,
  isOutdated,
  needsBuild,
  ProjectionEngine,
  type Side,
} from '@afecto/projections';
import { openSqliteReadModels, replaceable } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { presentOf } from './present';
import { project } from './project';
import { existingStore } from './store-file';

/** Every customer as of `--as-of` or now, folded one after another. */
export interface Population {
  readonly asOf: Instant;
  readonly policy: Policy;
  readonly regime: Regime;
  /** How many there are today. */
  readonly size: number;
  readonly members: AsyncIterable<PopulationMember>;
}

export interface Asking {
  readonly answers: Answers;
  /** What an access export is made from. */
  readonly sources: AccessExportSources;
  /** Whose personal data have expired by now (`domain.md §17.9`). */
  readonly expiring: () => AsyncIterable<Expiring>;
  /** The instants of the question, as the command line gave them. */
  readonly when: When;
  /** The clock's now, or what the rows were brought up to when that is later. */
  readonly now: Instant;
  readonly population: () => Promise<Population>;
  /** Every customer on two sides, from the log up to where the read models are. */
  readonly compare: (
    sides: { readonly before: Side; readonly after: Side },
    options: CompareOptions,
  ) => Promise<CustomersCompared | null>;
  readonly close: () => Promise<void>;
}

const INTERRUPTED: OpenFailure = {
  code: 'Interrupted',
  message: 'Interrupted while the read models were built; the next command goes on.',
};

const notReady = ({ message }: OpenFailure): OpenFailure => ({
  code: 'NotReady',
  message: `${message}\nIt is still building the read models; ask again in a moment.`,
});

/**
 * Opens the read models to ask them. When nobody holds the log they are first brought up to it; when
 * a server does, it keeps them so, and they are read beside it as they are.
 */
export const openToAsk = async (
  settings: CommandSettings,
  signal: AbortSignal,
): Promise<E.Either<OpenFailure, Asking>> => {
  const existing = existingStore(settings);
  if (E.isLeft(existing)) return existing;
  const projected = await project(settings, { shown: !settings.json, signal });
  const held = E.isLeft(projected) && projected.left.code === 'StoreHeld' ? projected.left : null;
  if (E.isLeft(projected) && held === null) return projected;
  const opened = await openReadOnlyStore(settings);
  if (E.isLeft(opened)) return opened;
  const log = opened.right;
  const models = openSqliteReadModels(settings.readModels);
  if (E.isLeft(models)) {
    await log.close();
    return models;
  }
  const readModels = models.right;
  const close = async (): Promise<void> => {
    await log.close();
    await readModels.close();
  };
  // Of other rules or of another log: its holder's to replace, or ours with the next command when this one was stopped.
  if ((await needsBuild(readModels)) || (await isOutdated(readModels, log))) {
    await close();
    return E.left(held === null ? INTERRUPTED : notReady(held));
  }
  const engine = await ProjectionEngine.over(readModels, log);
  const now = await presentOf(settings, log);
  const { asOf = now, knownAt } = settings;
  // Rows are as of the horizon: a clock before it, like --as-of, asks about the past.
  const isPast = settings.asOf !== undefined || asOf < engine.at.horizon;
  const answers = createAnswers({
    engine,
    readModels,
    openWork: new OpenWork(replaceable(readModels)),
    store: log,
    now: () => now,
  });
  return E.right({
    answers,
    expiring: () => expiringCustomers({ engine, readModels }, Math.max(now, engine.at.horizon)),
    sources: { answers, engine, readModels, store: log, now: () => now },
    when: { ...(isPast ? { asOf } : {}), ...(knownAt === undefined ? {} : { knownAt }) },
    now: Math.max(now, engine.at.horizon),
    population: async () => {
      const world = engine.world.asOf(asOf, Number.MAX_SAFE_INTEGER);
      const groups = await readModels.countCustomers([]);
      return {
        asOf,
        policy: policyAt(world.regime, asOf),
        regime: world.regime,
        size: groups.reduce((sum, { count }) => sum + count, 0),
        members: customersAt(readModels, log, world, asOf),
      };
    },
    compare: (sides, options) => compareCustomers(log, readModels, sides, options),
    close,
  });
};
