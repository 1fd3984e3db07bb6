import { addShownCustomer, type Answers, type Shown, type When } from '@afecto/application';
import { activityNames, type Instant, type QueueId, queueIds } from '@afecto/domain';
import type { PartyHistory } from '@afecto/projections';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { profileStory } from '../terminal/profile-story';
import { itemsStory, queuesStory, zonesStory } from '../terminal/portfolio-story';
import { openToAsk } from './asking';
import { denied, done, failed, interrupted, json, type Outcome, showing, showingProfile } from './outcome';

/** `now`: the clock's, no earlier than what the rows know. */
type Ask = (answers: Answers, when: When, settings: CommandSettings, now: Instant) => Promise<Outcome>;
type Command = (settings: CommandSettings) => Promise<Outcome>;

export const asking =
  (ask: Ask, signal: AbortSignal): Command =>
  async (settings) => {
    const opened = await openToAsk(settings, signal);
    if (E.isLeft(opened))
      return opened.left.code === 'Interrupted' ? interrupted(opened.left.message) : failed(opened.left.message);
    const { answers, when, now, close } = opened.right;
    try {
      return await ask(answers, when, settings, now);
    } finally {
      await close();
    }
  };

export const unknownParty = (partyId: string, { asOf, knownAt }: When): Outcome => {
  const by = [
    ...(asOf === undefined ? [] : [` by ${new Date(asOf).toISOString()}`]),
    ...(knownAt === undefined ? [] : [` as it was known at ${new Date(knownAt).toISOString()}`]),
  ];
  return denied(`No fact about party "${partyId}"${by.join(',')}.`);
};

/** An outcome that shows what has become of a customer's profile: also what was said of those who were one with it then. */
export const showingPast = ({ partyId, parties }: PartyHistory, outcome: Outcome): Outcome => {
  const shown: Shown = new Map();
  addShownCustomer(shown, partyId, parties);
  return showing(shown, outcome);
};

export const showProfile = (partyId: string, signal: AbortSignal): Command =>
  asking(async (answers, when, settings) => {
    const profile = await answers.profile(partyId, when);
    if (profile === null) return unknownParty(partyId, when);
    return showingProfile(profile, done(settings.json ? json(profile) : profileStory(profile)));
  }, signal);

/** Lists of all customers are asked by valid time only (`interfaces.md`, Queries: where it makes sense). */
export const ofAll = (ask: Ask, signal: AbortSignal): Command => {
  const command = asking(ask, signal);
  return async (settings) =>
    settings.knownAt === undefined
      ? command(settings)
      : failed('--known-at asks about one party (profile, explain); for all customers use: afecto replay --known-at T');
};

export const showZones = (signal: AbortSignal): Command =>
  ofAll(async (answers, when, settings) => {
    const groups = await answers.zones(['zone'], when);
    return done(settings.json ? json(groups) : zonesStory(groups));
  }, signal);

const queueOf = (name: string): QueueId | 'all' | null => {
  const wanted = name.toLowerCase();
  if (wanted === 'all') return 'all';
  return queueIds.find((queue) => queue.toLowerCase() === wanted || activityNames[queue] === wanted) ?? null;
};

export const showQueues = (name: string | undefined, limit: number, signal: AbortSignal): Command => {
  const queue = name === undefined ? undefined : queueOf(name);
  if (queue === null) {
    const allowed = queueIds.map((id) => `${id} ${activityNames[id]}`).join(', ');
    return async () => failed(`There is no queue "${name ?? ''}". There are: ${allowed}, and all.`);
  }
  return ofAll(async (answers, when, settings) => {
    if (queue === undefined) {
      const kpis = await answers.queueKpis(when);
      return done(settings.json ? json(kpis) : queuesStory(kpis));
    }
    const { items } = await answers.queue(queue, { limit, ...when });
    return done(settings.json ? json(items) : itemsStory(items, when.asOf ?? settings.now()));
  }, signal);
};
