import type { When } from '@afecto/application';
import { lastChanges, provenanceOf } from '@afecto/projections';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { explanationStory } from '../terminal/explanation-story';
import { profileStory } from '../terminal/profile-story';
import { lastChangesStory, provenanceStory } from '../terminal/provenance-story';
import { asking, showingPast, unknownParty } from './ask';
import { done, failed, json, type Outcome, showingProfile } from './outcome';

type Command = (settings: CommandSettings) => Promise<Outcome>;

/** Why the customer is in its zone. */
export const showExplanation = (partyId: string, signal: AbortSignal): Command =>
  asking(async (answers, when, settings) => {
    const profile = await answers.profile(partyId, when);
    const loyalty = await answers.loyalty(partyId, when);
    const history = await answers.zoneHistory(partyId, when);
    if (profile === null || loyalty === null || history === null) return unknownParty(partyId, when);
    // For machines there is nothing personal in it.
    if (settings.json) return done(json({ ...loyalty, history }));
    const story = `${profileStory(profile)}\n\n${explanationStory(loyalty, history)}`;
    return showingProfile(profile, done(story));
  }, signal);

/** The instants of a question about provenance; a clock that stands behind the log asks about its own now. */
const limitsOf = ({ asOf, knownAt }: When, now: number) => ({
  asOf: asOf ?? now,
  ...(knownAt === undefined ? {} : { knownAt }),
});

const ZONE = '/loyalty/zone';

/** Where one field of the profile comes from, as a story that ends, for a zone, with what would have changed it. */
export const showProvenance = (partyId: string, name: string, signal: AbortSignal): Command =>
  asking(async (answers, when, settings, now) => {
    const limits = limitsOf(when, now);
    const past = await answers.provenance.history(partyId, limits);
    const found = past === null ? null : await provenanceOf(past, name);
    if (past === null || found === null) return unknownParty(partyId, when);
    if (E.isLeft(found)) return failed(`${found.left}.`);
    const [loyalty, zones] =
      found.right.field === ZONE
        ? [await answers.loyalty(partyId, limits), await answers.zoneHistory(partyId, limits)]
        : [null, null];
    const zone = loyalty === null ? null : { loyalty, period: zones?.at(-1) ?? null };
    return showingPast(
      past,
      done(
        settings.json
          ? json({
              partyId,
              ...found.right,
              ...(zone === null ? {} : { decision: zone.period, toNext: zone.loyalty.toNext }),
            })
          : `${partyId}\n${provenanceStory(found.right, zone)}`,
      ),
    );
  }, signal);

/** Every field of the profile with its last change. */
export const showFields = (partyId: string, field: string | undefined, signal: AbortSignal): Command =>
  field !== undefined
    ? async () => failed('--fields shows every field: leave the field away, or --fields.')
    : asking(async (answers, when, settings, now) => {
        const past = await answers.provenance.history(partyId, limitsOf(when, now));
        const fields = past === null ? null : await lastChanges(past);
        if (past === null || fields === null) return unknownParty(partyId, when);
        const story = settings.json ? json({ partyId, fields }) : `${partyId}\n${lastChangesStory(fields)}`;
        return showingPast(past, done(story));
      }, signal);
