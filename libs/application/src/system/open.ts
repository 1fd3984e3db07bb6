import {
  defaultConfiguration,
  type Instant,
  isRecord,
  membersOf,
  POLICY_STREAM,
  policyAt,
  type Regime,
  regimeOf,
  rootOf,
  toIso,
} from '@afecto/domain';
import { type EmbeddedEventStore, withoutCredentials } from '@afecto/event-store';
import type { KeyStore, SealedEventStore } from '@afecto/privacy';
import { type BuildProgress, needsBuild, type Projections, startProjections } from '@afecto/projections';
import { type ReadModels, replaceable } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { type ClaimNext, createClaimNext } from '../commands/claim-next';
import { type CommandExecutor, createCommandExecutor } from '../commands/executor';
import { factsIn } from '../commands/facts-in';
import { createKnowledge } from '../commands/knowledge';
import { OpenWork } from '../commands/open-work';
import { createReviewPortfolio, type ReviewPortfolio } from '../commands/review-portfolio';
import { createIntake, type Intake } from '../intake/intake';
import { openQuarantine, type Quarantine } from '../intake/quarantine';
import { policiesFollowed, reportingCurrencyOf } from '../intake/reporting-currency';
import { startErasures } from '../privacy/erasures';
import { createExpiries, type Expiries, expireDaily } from '../privacy/expiries';
import { type Answers, createAnswers } from '../queries/answers';
import { createClock } from './clock';
import { openLiveReadModels } from './open-read-models';
import { type OpenFailure, openStore, openStoreToAppend, withOwnKeyStore } from './open-store';
import { ProjectionsBehindError } from './projections-behind-error';
import { startSender } from './sender';
import { besideReadModels, type Settings } from './settings';
import { startSuccession } from './succession';
import type { Prepared } from './successor';

/** Afecto, running: one log, its read models, and everything that can be asked of them. */
export interface Afecto {
  readonly settings: Settings;
  readonly store: SealedEventStore;
  /** The same store when it is the embedded one. */
  readonly embedded: EmbeddedEventStore | null;
  readonly readModels: ReadModels;
  readonly projections: Projections;
  readonly quarantine: Quarantine;
  readonly intake: Intake;
  readonly commands: CommandExecutor;
  readonly claimNext: ClaimNext;
  readonly reviewPortfolio: ReviewPortfolio;
  readonly answers: Answers;
  /** Personal data whose period is over (`domain.md §17.9`). */
  readonly expiries: Expiries;
  /** Finishes what is under way, flushes, and lets go of all files. */
  readonly close: () => Promise<void>;
}

export interface OpenOptions {
  readonly onProgress?: (progress: BuildProgress) => void;
  readonly onFailure?: (message: string) => void;
  /** What was in the place of the read models was no database, and has another name now. */
  readonly onSetAside?: (message: string) => void;
  /** Other read models have taken the place of the live ones, without a pause. */
  readonly onSwitched?: (prepared: Prepared | null) => void;
  readonly signal?: AbortSignal;
  /** Erases what has expired at every day boundary of the clock, and at once what has by the last one. */
  readonly expiresDaily?: boolean;
  /** What is done with the log at the very end of `close`, when nobody appends to it any more. Must not reject. */
  readonly lastly?: () => Promise<void>;
}

/** How long a command waits for the projections; they are milliseconds behind. */
const UP_TO_DATE_MS = 30_000;

/** What is in force by the log as it is, a configuration that was answered just before included. */
const policiesIn = async (store: Pick<SealedEventStore, 'readStream'>): Promise<Regime> =>
  regimeOf((await factsIn(store, POLICY_STREAM)).facts);

/** Parties under legal hold by the log as it is. */
const legalHolds = async (store: Pick<SealedEventStore, 'readStream'>, now: Instant): Promise<ReadonlyArray<string>> =>
  policyAt(await policiesIn(store), now).configuration.privacy.legalHolds;

/** Whether a party is erased by now, by whatever process. */
const isErasedIn =
  (keys: KeyStore) =>
  (partyId: string): boolean => {
    keys.refresh();
    return keys.isErased(partyId);
  };

/** The way in alone, without projections: for bulk imports, which are projected afterwards. */
export const openIntakeOnly = async (
  settings: Settings,
): Promise<
  E.Either<
    OpenFailure,
    { readonly intake: Intake; readonly quarantine: Quarantine; readonly close: () => Promise<void> }
  >
> => {
  const opened = await openStoreToAppend(settings);
  const store = E.isLeft(opened) ? opened : await withOwnKeyStore(opened.right, settings);
  if (E.isLeft(store)) return store;
  const aside = openQuarantine(settings.quarantine);
  if (E.isLeft(aside)) {
    await store.right.close();
    return aside;
  }
  const quarantine = aside.right;
  // As the log was before: a history that brings its own configuration is taken as it was taken in where it comes from.
  const currencyAt = reportingCurrencyOf(await policiesIn(store.right), settings.now);
  return E.right({
    intake: createIntake({
      store: store.right,
      quarantine,
      now: settings.now,
      configuration: () => defaultConfiguration,
      reportingCurrency: () => Promise.resolve(currencyAt),
      // Who is the same customer is not known without projections: a hold counts for the party that it names.
      isHeld: async (partyId) => (await legalHolds(store.right, settings.now())).includes(partyId),
      isErased: isErasedIn(store.right.keys),
    }),
    quarantine,
    close: async () => {
      await store.right.close();
      quarantine.close();
    },
  });
};

/** Opens log, read models and quarantine, brings the projections up to the log, and follows it. */
export const openAfecto = async (
  settings: Settings,
  options: OpenOptions = {},
): Promise<E.Either<OpenFailure, Afecto>> => {
  const clock = createClock(settings.now);
  const { now } = clock;
  const found = await openStore({ ...settings, now });
  const opened = E.isLeft(found) ? found : await withOwnKeyStore(found.right, { ...settings, now });
  if (E.isLeft(opened)) return opened;
  const store = opened.right;
  if ('encoded' in store && store.encoded.part !== null) {
    await store.close();
    return E.left({
      code: 'StorePart',
      message: `${withoutCredentials(settings.eventStore)} holds a part of a log, to which nothing is appended: ask it by the command line, or open the log itself`,
    });
  }
  await clock.follow(store);
  const models = await openLiveReadModels(settings.readModels, store, options.onSetAside);
  if (E.isLeft(models)) {
    await store.close();
    return models;
  }
  const aside = openQuarantine(settings.quarantine);
  if (E.isLeft(aside)) {
    await models.right.close();
    await store.close();
    return aside;
  }
  const readModels = replaceable(models.right);
  const quarantine = aside.right;
  const projections = await startProjections(store, readModels, {
    now,
    ...options,
    spillFile: besideReadModels(settings.readModels, 'build'),
  });
  const { engine } = projections;
  const { horizon } = engine.at;
  if (!clock.goOnFrom(horizon))
    options.onFailure?.(
      `the clock is behind: it says ${toIso(now())}, and the read models were evaluated to ${toIso(horizon)}, so that leases and claims fail until then; set the clock right, or, if it was wrong then, stop, delete ${settings.readModels} and start: they are built again`,
    );
  if (await needsBuild(readModels)) {
    await projections.stop();
    await readModels.close();
    quarantine.close();
    await store.close();
    return E.left({
      code: 'Interrupted',
      message: 'interrupted while the read models were built; the next start goes on',
    });
  }

  const upToDate = async (): Promise<void> => {
    if (!(await projections.waitFor(await store.head(), UP_TO_DATE_MS)))
      throw new ProjectionsBehindError(
        `the projections are more than ${UP_TO_DATE_MS / 1_000} s behind: ${projections.failure() ?? 'busy'}`,
      );
  };
  const present = async (): Promise<void> => {
    await upToDate();
    await projections.evaluatedTo(now());
  };
  const openWork = new OpenWork(readModels);
  const knowledge = createKnowledge({
    engine,
    readModels,
    openWork,
    store,
    keyIdsOf: (partyId) => store.keys.keyIdsOf(partyId),
    upToDate,
  });
  const running = { ...settings, now };
  const succession = startSuccession({ settings: running, store, readModels, projections }, options);
  const erasures = startErasures({ store, readModels, projections, quarantine, settings: running }, options.onFailure);
  const configuration = () => policyAt(engine.world.regime, now()).configuration;
  const expiries = createExpiries({ store, readModels, engine, erasures, upToDate, now });
  const daily = expireDaily(expiries, {
    isOn: options.expiresDaily === true,
    now,
    timeZone: () => configuration().tenant.timeZone,
    ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
  });
  const isHeld = async (partyId: string): Promise<boolean> => {
    const held = await legalHolds(store, now());
    const { links } = engine.world;
    return [partyId, ...membersOf(links, rootOf(links, partyId))].some((member) => held.includes(member));
  };
  const policies = policiesFollowed(store);
  const sender = startSender(store, readModels, options.onFailure);
  const executor = createCommandExecutor({
    store,
    clock,
    configuration: async () => {
      await upToDate();
      return configuration();
    },
    knowledge,
    fingerprint: (text) => store.keys.fingerprint(text),
  });

  const commands: CommandExecutor = {
    ...executor,
    execute: async (call) => {
      if (call.name !== 'ErasePersonalData') return executor.execute(call);
      await upToDate();
      const partyId = isRecord(call.body) ? call.body['partyId'] : undefined;
      const forget = typeof partyId === 'string' ? await erasures.remember(partyId) : () => undefined;
      try {
        const outcome = await executor.execute(call);
        // What cannot be finished now is gone on with, by this process or the next.
        if (E.isRight(outcome)) await erasures.finish().catch((error: unknown) => options.onFailure?.(String(error)));
        return outcome;
      } finally {
        forget();
      }
    },
  };

  return E.right({
    settings: running,
    store,
    embedded: 'encoded' in store ? store : null,
    readModels,
    projections,
    quarantine,
    intake: createIntake({
      store,
      quarantine,
      now,
      configuration,
      reportingCurrency: async () => reportingCurrencyOf(await policies(), now),
      isHeld,
      isErased: isErasedIn(store.keys),
    }),
    commands,
    claimNext: createClaimNext({ commands, store, readModels, openWork, configuration, now, upToDate: present }),
    reviewPortfolio: createReviewPortfolio({ commands, readModels, store, engine, now, upToDate }),
    answers: createAnswers({ engine, readModels, store, openWork, now }),
    expiries,
    close: async () => {
      await daily.stop();
      await succession.stop();
      await erasures.stop();
      await sender.stop();
      await options.lastly?.();
      // Told first, so that what projections still ask of the log fails nobody; a log that closes lets go of who waits for it.
      const stopped = projections.stop();
      await store.close();
      await stopped;
      await readModels.close();
      quarantine.close();
    },
  });
};
