import {
  isHidden,
  type Json,
  membersOf,
  NEVER,
  type PersonalClass,
  readCloudEvent,
  rootOf,
  toIso,
} from '@afecto/domain';
import { personalFieldsOf, withPersonalFields } from '@afecto/privacy';
import type { ProjectionEngine } from '@afecto/projections';
import type { EventStore, StoredEvent } from '@afecto/event-store';
import type { ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import type { Answers } from '../queries/answers';

export interface AccessExportSources {
  readonly answers: Answers;
  readonly engine: ProjectionEngine;
  readonly readModels: Pick<ReadModels, 'factsOf'>;
  readonly store: Pick<EventStore, 'eventsAt'>;
  readonly now: () => number;
}

/** What a data subject is handed over (`domain.md §17.6`). */
export interface AccessExport {
  readonly partyId: string;
  readonly members: ReadonlyArray<string>;
  readonly asOf: string;
  readonly profile: unknown;
  /** Why the customer is in its zone. */
  readonly zone: unknown;
  /** Every fact about it as a CloudEvent, in the order of the log; personal data of others are masked. */
  readonly events: ReadonlyArray<unknown>;
  /** Free text of its own may name others: somebody has to read it before it is handed over. */
  readonly freeTextReviewed: false;
  readonly freeTexts: number;
  /** Events that this program cannot read; they are left out. */
  readonly leftOut: number;
}

const MASKED: Json = { masked: true };
const PAGE = 500;

/** Internal codes in words that a person may be told (`domain.md §21.13`), by the field that they stand in. */
const neutral: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  extreme: { terrorist: 'strong critic', apostle: 'strong advocate', near_apostle: 'near to a strong advocate' },
  quadrant: { hostage: 'bound by circumstances', mercenary: 'free of ties', defector: 'little tied' },
  subtype: { captive: 'bound by an agreement', inertial: 'bound by habit' },
  tier: { platinum: 'tier 1', gold: 'tier 2', iron: 'tier 3', lead: 'tier 4' },
};

/** What opened an item is named by a code with what it is about after it. */
const neutralTrigger = (trigger: string): string =>
  trigger.replace(/^terrorist(?=:)/, () => neutral['extreme']?.['terrorist'] ?? '');

/** Codes are told by their field: the same words may be what the person said, or its name. */
const inNeutralWords = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (field, member: unknown) => {
      if (typeof member !== 'string') return member;
      if (field === 'triggerKey') return neutralTrigger(member);
      const words = Object.hasOwn(neutral, field) ? neutral[field] : undefined;
      return words !== undefined && Object.hasOwn(words, member) ? words[member] : member;
    }),
  );

const maskedFor = (members: ReadonlySet<string>, event: StoredEvent): StoredEvent => {
  const data = withPersonalFields(event, ({ subject, value }) => (members.has(subject) ? value : MASKED));
  return { ...event, data: data as Json };
};

/** The classes of personal data that an access export shows of the party. */
export const classesOfExport: ReadonlySet<PersonalClass> = new Set<PersonalClass>(['identity', 'content']);

/** Everything that is known of a party, decrypted; null: nothing is. */
export const accessExport = async (
  partyId: string,
  { answers, engine, readModels, store, now }: AccessExportSources,
): Promise<AccessExport | null> => {
  const { links } = engine.world;
  const root = rootOf(links, partyId);
  const members = new Set([root, ...membersOf(links, root)]);
  const profile = await answers.profile(root);
  if (profile === null) return null;
  const places = (await readModels.factsOf([...members], NEVER)).map(({ position }) => position);
  const positions = places.toSorted((a, b) => (a < b ? -1 : 1));
  const events: unknown[] = [];
  let freeTexts = 0;
  let leftOut = 0;
  for (let from = 0; from < positions.length; from += PAGE)
    for (const event of await store.eventsAt(positions.slice(from, from + PAGE))) {
      const read = readCloudEvent(maskedFor(members, event));
      if (E.isLeft(read)) leftOut += 1;
      else events.push(read.right);
      freeTexts += personalFieldsOf(event).filter(
        ({ mark, subject, value }) => mark.class === 'content' && members.has(subject) && !isHidden(value),
      ).length;
    }
  return {
    partyId: root,
    members: [...members],
    asOf: toIso(now()),
    profile: inNeutralWords(profile),
    zone: inNeutralWords(await answers.loyalty(root)),
    events,
    freeTextReviewed: false,
    freeTexts,
    leftOut,
  };
};
