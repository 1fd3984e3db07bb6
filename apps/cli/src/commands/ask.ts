import { type Answers, queueIds, type When } from '@afecto/application';
import type { QueueId } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import pc from 'picocolors';
import type { CommandSettings } from '../settings';
import { itemsStory, loyaltyStory, profileStory, queueNames, queuesStory, zonesStory } from '../terminal/story';
import { openToAsk } from './asking';
import { done, failed, json, type Outcome, refused } from './outcome';

const whenOf = ({ asOf, knownAt }: CommandSettings): When => ({
  ...(asOf === undefined ? {} : { asOf }),
  ...(knownAt === undefined ? {} : { knownAt }),
});

const asking =
  (ask: (answers: Answers, settings: CommandSettings) => Promise<Outcome>) =>
  async (settings: CommandSettings): Promise<Outcome> => {
    const opened = await openToAsk(settings);
    if (E.isLeft(opened)) return failed(opened.left.message);
    try {
      return await ask(opened.right.answers, settings);
    } finally {
      await opened.right.close();
    }
  };

const unknown = (partyId: string): Outcome => refused(`nothing is known of party ${partyId} by then`);

export const showProfile = (partyId: string) =>
  asking(async (answers, settings) => {
    const profile = await answers.profile(partyId, whenOf(settings));
    if (profile === null) return unknown(partyId);
    return done(settings.json ? json(profile) : profileStory(profile));
  });

export const showExplanation = (partyId: string) =>
  asking(async (answers, settings) => {
    const when = whenOf(settings);
    const [profile, loyalty, history] = [
      await answers.profile(partyId, when),
      await answers.loyalty(partyId, when),
      await answers.zoneHistory(partyId, when),
    ];
    if (profile === null || loyalty === null || history === null) return unknown(partyId);
    if (settings.json) return done(json({ ...loyalty, history }));
    const past = history.map(
      ({ zone, from, to, rules }) =>
        `  ${from?.slice(0, 10) ?? '–'} to ${to?.slice(0, 10) ?? 'now       '}  ${zone}${rules.length > 0 ? ` (${rules.join(', ')})` : ''}`,
    );
    return done([profileStory(profile), '', loyaltyStory(loyalty), '', pc.bold('Zones so far'), ...past].join('\n'));
  });

export const showZones = asking(async (answers, settings) => {
  const { asOf } = settings;
  const groups = await answers.zones(['zone'], asOf === undefined ? {} : { asOf });
  return done(settings.json ? json(groups) : zonesStory(groups));
});

const queueOf = (name: string): QueueId | null =>
  queueIds.find((queue) => queue === name.toUpperCase() || queueNames[queue]?.replaceAll(' ', '-') === name) ?? null;

export const showQueues = (name: string | undefined, limit: number) =>
  asking(async (answers, settings) => {
    const when = settings.asOf === undefined ? {} : { asOf: settings.asOf };
    if (name === undefined) {
      const kpis = await answers.queueKpis(when);
      return done(settings.json ? json(kpis) : queuesStory(kpis));
    }
    const queue = queueOf(name);
    if (queue === null)
      return failed(
        `there is no queue "${name}"; allowed are ${queueIds.map((id) => `${id} (${queueNames[id]?.replaceAll(' ', '-') ?? ''})`).join(', ')}`,
      );
    const page = await answers.queue(queue, { limit, ...when });
    return done(settings.json ? json(page.items) : itemsStory(page.items));
  });
